import type { Clock } from '../core/clock.js';
import type { Timeline } from '../core/timeline.js';
import type { LogStore } from '../logs/store.js';
import type { ImageMaker } from '../packer/image-maker.js';
import type { ObjectWriter } from './artifacts/artifacts.js';
import type { Build } from './build.js';
import { BuildLog } from './build-log.js';
import { Container, type Run } from './container.js';
import { ExecutedRun } from './execute/executed-run.js';
import {
  buildTimedOut,
  failureOf,
  outcomeOf,
  queueTimedOut,
  stopped,
  type Halt,
} from './failures.js';
import { Nudges } from './nudges.js';
import type { EndedStatus } from './phases.js';
import type { CodeBuildSettings } from './settings.js';
import { SimulatedRun } from './simulated-run.js';
import { Slots } from './slots.js';
import type { ValueSources } from './variables.js';

export interface LifecycleOptions {
  clock: Clock;
  timeline: Timeline;
  logs: LogStore;
  settings: CodeBuildSettings;
  /** Where a build's variables find their values. */
  sourcesOf: (build: Build) => ValueSources;
  /** For builds that make images. */
  makeImage: ImageMaker;
  /** Where artifacts go. */
  putObject: ObjectWriter;
  /** Told of each build that has ended, with the sandbox time (ms). */
  onEnd: (build: Build, time: number) => void;
}

/** Takes builds from the queue to their end. Times are sandbox ms. */
export class Lifecycle {
  readonly slots: Slots;
  private readonly nudges: Nudges;
  private readonly runs = new Map<Build, Run>();
  private readonly halting = new Set<Build>();
  private readonly executions = new Set<Promise<void>>();

  constructor(private readonly options: LifecycleOptions) {
    this.slots = new Slots(options.settings.concurrentBuilds);
    this.nudges = new Nudges(options.clock, options.timeline);
  }

  /** Whether the commands of a build really run. */
  executes({ project }: Build): boolean {
    return project.spec.execute ?? this.options.settings.execute;
  }

  submit(build: Build, time: number): void {
    build.enterPhase('SUBMITTED', time);
    build.leavePhase(time);
    build.enterPhase('QUEUED', time);
    this.options.timeline.at(time + build.order.queuedTimeoutMinutes * 60_000, (now) => {
      if (build.phase?.type === 'QUEUED') this.halt(build, now, queueTimedOut);
    });
    const { behaviour } = build.options;
    if (behaviour.fail?.kind === 'queueTimeout') return;
    const ready = time + behaviour.queueSeconds * 1000;
    const begin = (now: number) =>
      this.at(build, Math.max(now, ready), (due) => this.leaveQueue(build, due));
    if (this.slots.take(build, begin)) begin(time);
  }

  /** Stops a build that goes on, a moment later. False when it has ended, or was stopped before. */
  stop(build: Build, time: number): boolean {
    if (build.hasEnded || build.stopRequestedAt !== undefined) return false;
    build.stopRequestedAt = time;
    this.at(build, time + this.options.settings.stopSeconds * 1000, (now) =>
      this.halt(build, now, stopped),
    );
    return true;
  }

  /** Ends a build from outside, in the phase that it is in. */
  halt(build: Build, time: number, { status, ...outcome }: Halt): void {
    if (build.hasEnded || this.halting.has(build)) return;
    this.halting.add(build);
    const finish = (now: number) => {
      build.leavePhase(now, { status, ...outcome });
      this.end(build, now, status);
    };
    const run = this.runs.get(build);
    if (run) run.halt(time, finish);
    else finish(time);
  }

  /** Lets something happen at a sandbox time, even if no request comes when commands really run. */
  at(build: Build, time: number, happen: (time: number) => void): void {
    this.options.timeline.at(time, happen);
    if (this.executes(build)) this.nudges.at(time);
  }

  /** Kills all that runs, and resolves once nothing of it is left behind. */
  async close(): Promise<void> {
    this.nudges.close();
    for (const [build, run] of this.runs)
      if (run instanceof ExecutedRun && !this.halting.has(build))
        run.halt(this.options.clock.now(), () => undefined);
    await Promise.all(this.executions);
  }

  private leaveQueue(build: Build, time: number): void {
    if (build.hasEnded) return;
    if (this.failsHere(build, time)) return;
    build.leavePhase(time);
    build.enterPhase('PROVISIONING', time);
    build.logNamedAt = time + this.options.settings.streamDelaySeconds * 1000;
    const timesOutAt = time + build.order.timeoutMinutes * 60_000;
    this.options.timeline.at(timesOutAt, (now) => this.halt(build, now, buildTimedOut));
    this.at(build, time + build.options.behaviour.provisioningSeconds * 1000, (now) =>
      this.run(build, now, timesOutAt),
    );
  }

  private run(build: Build, time: number, timesOutAt: number): void {
    if (build.hasEnded) return;
    if (this.failsHere(build, time)) return;
    build.leavePhase(time);
    const sources = this.options.sourcesOf(build);
    const container = new Container(build, this.logOf(build), (now, status) =>
      this.end(build, now, status),
    );
    if (this.executes(build)) {
      this.execute(build, container, sources);
      return;
    }
    const { timeline, makeImage, putObject } = this.options;
    const run = new SimulatedRun(container, {
      timeline,
      sources,
      timesOutAt,
      makeImage,
      putObject,
    });
    this.runs.set(build, run);
    run.start(time);
  }

  private execute(build: Build, container: Container, sources: ValueSources): void {
    const run = new ExecutedRun(container, sources, () => this.now());
    this.runs.set(build, run);
    const execution = run
      .run()
      .catch((error: unknown) => this.breakDown(build, error))
      .finally(() => this.executions.delete(execution));
    this.executions.add(execution);
  }

  /** The machine that a build really runs on is this one: what goes wrong here is CodeBuild's fault. */
  private breakDown(build: Build, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    const context = { statusCode: 'INTERNAL_SERVICE_ERROR', message };
    const time = this.now();
    if (build.hasEnded) return;
    build.leavePhase(time, { status: 'FAULT', context });
    this.end(build, time, 'FAULT');
  }

  /** Ends a build that is bound to fail in the phase that it is in, before there is a container. */
  private failsHere(build: Build, time: number): boolean {
    const failure = failureOf(build.options.behaviour);
    if (!failure || failure.phase !== build.phase?.type) return false;
    const outcome = outcomeOf(failure);
    build.leavePhase(time, outcome);
    this.end(build, time, outcome.status === 'FAULT' ? 'FAULT' : 'FAILED');
    return true;
  }

  private end(build: Build, time: number, status: EndedStatus): void {
    build.end(status, time);
    this.runs.delete(build);
    this.halting.delete(build);
    this.slots.release(build, time);
    this.options.onEnd(build, time);
  }

  private now(): number {
    const now = this.options.clock.now();
    this.options.timeline.advance(now);
    return now;
  }

  private logOf(build: Build): BuildLog {
    const { logs, settings } = this.options;
    const late = build.options.behaviour.log.lateSeconds ?? settings.lateLogSeconds;
    return new BuildLog(logs, build.logPlace, late * 1000);
  }
}
