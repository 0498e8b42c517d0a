import type { Build } from './build.js';
import type { BuildLog } from './build-log.js';
import { failureOf, type Failure } from './failures.js';
import {
  isCommandPhase,
  phaseAfter,
  type ContainerPhase,
  type EndedStatus,
  type OnFailure,
  type PhaseOutcome,
} from './phases.js';

/** A build in its container, whether its commands really run or not. */
export interface Run {
  /** Ends what it does. `done` is called once nothing more will be written, with that sandbox time (ms). */
  halt(time: number, done: (time: number) => void): void;
}

/** What is the same for every build in its container: its phases one after the other, and what the log says of them. */
export class Container {
  private hasFailed = false;
  /** How it is bound to fail, if it is. */
  readonly failure: Failure | undefined;

  constructor(
    readonly build: Build,
    readonly log: BuildLog,
    private readonly onEnd: (time: number, status: EndedStatus) => void,
  ) {
    this.failure = failureOf(build.options.behaviour);
  }

  /** Whether no phase has failed so far. */
  get isSucceeding(): boolean {
    return !this.hasFailed;
  }

  enter(phase: ContainerPhase, time: number): void {
    this.build.enterPhase(phase, time);
    if (phase === 'DOWNLOAD_SOURCE') this.log.container(time, ...greeting);
    if (isCommandPhase(phase)) this.log.container(time, `Entering phase ${phase}`);
  }

  /** Ends a phase, and returns the next one; undefined once the build has ended. */
  leave(
    phase: ContainerPhase,
    time: number,
    outcome: PhaseOutcome,
    onFailure?: OnFailure,
  ): ContainerPhase | undefined {
    const context = outcome.context ?? { statusCode: '', message: '' };
    this.build.leavePhase(time, { ...outcome, context });
    if (outcome.status === 'FAULT') {
      this.onEnd(time, 'FAULT');
      return undefined;
    }
    const hasSucceeded = outcome.status === 'SUCCEEDED';
    this.hasFailed ||= !hasSucceeded;
    if (phase !== 'FINALIZING') this.log.phaseEnds(time, phase, hasSucceeded, context);
    const next = phaseAfter(phase, hasSucceeded, onFailure);
    if (next === undefined) this.onEnd(time, this.hasFailed ? 'FAILED' : 'SUCCEEDED');
    return next;
  }
}

const greeting = [
  'Running on CodeBuild On-demand',
  'Waiting for agent ping',
  'Waiting for DOWNLOAD_SOURCE',
  'Phase is DOWNLOAD_SOURCE',
  'YAML location is /codebuild/readonly/buildspec.yml',
  'Processing environment variables',
];
