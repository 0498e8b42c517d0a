import type { Timeline } from '../core/timeline.js';
import type { Buildspec } from './buildspec.js';
import type { Container, Run } from './container.js';
import { commandFailed, outcomeOf } from './failures.js';
import {
  isCommandPhase,
  succeeded,
  type CommandPhase,
  type ContainerPhase,
  type PhaseOutcome,
} from './phases.js';
import { prepare } from './prepare.js';
import { simulatedOutput } from './simulated-output.js';
import type { ValueSources } from './variables.js';

/** A build of which nothing really runs: its phases take the time that its behaviour says. */
export class SimulatedRun implements Run {
  private isHalted = false;
  private buildspec: Buildspec | undefined;

  /** @param timesOutAt sandbox ms at which the build's time is up */
  constructor(
    private readonly container: Container,
    private readonly timeline: Timeline,
    private readonly sources: ValueSources,
    private readonly timesOutAt: number,
  ) {}

  start(time: number): void {
    this.enter('DOWNLOAD_SOURCE', time);
  }

  halt(time: number, done: (time: number) => void): void {
    this.isHalted = true;
    this.container.log.cut(time);
    done(time);
  }

  private enter(phase: ContainerPhase, time: number): void {
    this.container.enter(phase, time);
    const hangs = this.fails(phase, 'timeout');
    const endsAt = hangs ? this.timesOutAt : time + this.behaviour.phases[phase] * 1000;
    if (isCommandPhase(phase)) this.writeCommands(phase, time, (endsAt - time) / 1000);
    if (!hangs) this.timeline.at(endsAt, (now) => this.leave(phase, now));
  }

  private leave(phase: ContainerPhase, time: number): void {
    if (this.isHalted) return;
    const outcome = this.outcomeOf(phase);
    if (isCommandPhase(phase) && outcome.exitStatus !== undefined)
      this.container.log.container(
        time,
        `Command did not exit successfully ${this.lastCommand(phase)} exit status ${outcome.exitStatus}`,
      );
    const onFailure = isCommandPhase(phase) ? this.buildspec?.phases[phase].onFailure : undefined;
    const next = this.container.leave(phase, time, outcome, onFailure);
    if (next) this.enter(next, time);
  }

  private outcomeOf(phase: ContainerPhase): PhaseOutcome {
    const { failure } = this.container;
    if (failure?.phase === phase) {
      if (failure.kind !== 'command' || !isCommandPhase(phase)) return outcomeOf(failure);
      return commandFailed(this.lastCommand(phase), failure.exitStatus, failure.message);
    }
    return phase === 'DOWNLOAD_SOURCE' ? this.downloadSource() : succeeded;
  }

  private downloadSource(): PhaseOutcome {
    const prepared = prepare(this.container.build, this.sources);
    if (prepared.kind === 'failed') return prepared.outcome;
    this.buildspec = prepared.buildspec;
    return succeeded;
  }

  private writeCommands(phase: CommandPhase, time: number, seconds: number): void {
    const { log } = this.container;
    for (const command of this.commands(phase)) log.container(time, `Running command ${command}`);
    if (phase === 'BUILD') log.generate(simulatedOutput(this.behaviour.log, time, seconds));
  }

  private commands(phase: CommandPhase): readonly string[] {
    const named = this.buildspec?.phases[phase].commands ?? [];
    const needsOne = phase === 'BUILD' || this.fails(phase, 'command');
    return named.length === 0 && needsOne ? ['make'] : named;
  }

  private lastCommand(phase: CommandPhase): string {
    return this.commands(phase).at(-1) ?? 'make';
  }

  private fails(phase: ContainerPhase, kind: 'timeout' | 'command'): boolean {
    const { failure } = this.container;
    return failure?.phase === phase && failure.kind === kind;
  }

  private get behaviour() {
    return this.container.build.options.behaviour;
  }
}
