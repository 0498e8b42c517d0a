import type { Timeline } from '../core/timeline.js';
import type { ImageMaker } from '../packer/image-maker.js';
import { upload, type ObjectWriter } from './artifacts/artifacts.js';
import type { Buildspec } from './buildspec.js';
import type { Container, Run } from './container.js';
import { commandFailed, outcomeOf } from './failures.js';
import { ImageBuild } from './image/image-build.js';
import { asksForImage, type Values } from './image/variables.js';
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

export interface SimulatedOptions {
  timeline: Timeline;
  sources: ValueSources;
  /** Sandbox ms at which the build's time is up. */
  timesOutAt: number;
  makeImage: ImageMaker;
  putObject: ObjectWriter;
}

/** A build of which nothing really runs: its phases take the time that its behaviour says. */
export class SimulatedRun implements Run {
  private isHalted = false;
  private buildspec: Buildspec | undefined;
  private image: ImageBuild | undefined;

  constructor(
    private readonly container: Container,
    private readonly options: SimulatedOptions,
  ) {}

  start(time: number): void {
    this.enter('DOWNLOAD_SOURCE', time);
  }

  halt(time: number, done: (time: number) => void): void {
    this.isHalted = true;
    this.image?.halt();
    this.container.log.cut(time);
    done(time);
  }

  private enter(phase: ContainerPhase, time: number): void {
    this.container.enter(phase, time);
    const hangs = this.fails(phase, 'timeout');
    const dueAt = time + this.behaviour.phases[phase] * 1000;
    const endsAt = hangs ? this.options.timesOutAt : dueAt;
    if (isCommandPhase(phase)) this.writeCommands(phase, time, (endsAt - time) / 1000);
    if (phase === 'BUILD') this.runPacker(time, dueAt);
    if (!hangs) this.options.timeline.at(endsAt, (now) => this.leave(phase, now));
  }

  private leave(phase: ContainerPhase, time: number): void {
    if (this.isHalted) return;
    const outcome = this.outcomeOf(phase, time);
    if (phase === 'BUILD') this.endPacker(outcome, time);
    if (isCommandPhase(phase) && outcome.exitStatus !== undefined)
      this.container.log.container(
        time,
        `Command did not exit successfully ${this.lastCommand(phase)} exit status ${outcome.exitStatus}`,
      );
    const onFailure = isCommandPhase(phase) ? this.buildspec?.phases[phase].onFailure : undefined;
    const next = this.container.leave(phase, time, outcome, onFailure);
    if (next) this.enter(next, time);
  }

  private outcomeOf(phase: ContainerPhase, time: number): PhaseOutcome {
    const { failure } = this.container;
    if (failure?.phase === phase) {
      if (failure.kind !== 'command' || !isCommandPhase(phase)) return outcomeOf(failure);
      return commandFailed(this.lastCommand(phase), failure.exitStatus, failure.message);
    }
    if (phase === 'DOWNLOAD_SOURCE') return this.downloadSource();
    if (phase === 'BUILD' && this.image && this.image.missing.length > 0)
      return commandFailed(this.lastCommand(phase), 1);
    if (phase === 'UPLOAD_ARTIFACTS') return this.upload(time);
    return succeeded;
  }

  private downloadSource(): PhaseOutcome {
    const prepared = prepare(this.container.build, this.options.sources);
    if (prepared.kind === 'failed') return prepared.outcome;
    this.buildspec = prepared.buildspec;
    this.image = this.imageBuild(prepared.values);
    return succeeded;
  }

  /** Without any of the variables that an image needs, a build of such a project is as any other. */
  private imageBuild(values: Values): ImageBuild | undefined {
    const { build, log } = this.container;
    const { spec } = build.project;
    if (!spec.image || !asksForImage(values)) return undefined;
    const { timeline, makeImage } = this.options;
    return new ImageBuild({ build, spec: spec.image, values, log, timeline, makeImage });
  }

  private writeCommands(phase: CommandPhase, time: number, seconds: number): void {
    const { log } = this.container;
    for (const command of this.commands(phase)) log.container(time, `Running command ${command}`);
    if (phase === 'BUILD' && !this.writesAsPacker)
      log.generate(simulatedOutput(this.behaviour.log, time, seconds));
  }

  private runPacker(time: number, dueAt: number): void {
    const events = this.image?.begin(time, dueAt, this.failureIn('BUILD'));
    if (events && this.writesAsPacker) this.container.log.generate(events);
  }

  /** Where something else than Packer fails, its machine is gone and Packer with it. */
  private endPacker({ status, exitStatus }: PhaseOutcome, time: number): void {
    if (status === 'SUCCEEDED') this.image?.succeed(time);
    else if (exitStatus !== undefined) this.image?.fail(time, this.failureIn('BUILD')?.message);
  }

  /** The manifest, where it is to be in the artifact. */
  private upload(time: number): PhaseOutcome {
    const { build } = this.container;
    const output = build.project.spec.image?.output;
    const manifest = this.image?.manifest;
    const isWanted = output === 'artifact' || output === 'both';
    const files = new Map(isWanted && manifest !== undefined ? [['manifest.json', manifest]] : []);
    return upload(build, files, this.options.putObject, time);
  }

  /** Unless its project says how long a log it is to have. */
  private get writesAsPacker(): boolean {
    return this.image !== undefined && Object.keys(this.behaviour.log).length === 0;
  }

  private commands(phase: CommandPhase): readonly string[] {
    const named = this.buildspec?.phases[phase].commands ?? [];
    const needsOne = phase === 'BUILD' || this.fails(phase, 'command');
    return named.length === 0 && needsOne ? [this.image ? 'packer build .' : 'make'] : named;
  }

  private lastCommand(phase: CommandPhase): string {
    return this.commands(phase).at(-1) ?? '';
  }

  private fails(phase: ContainerPhase, kind: 'timeout' | 'command'): boolean {
    return this.failureIn(phase)?.kind === kind;
  }

  private failureIn(phase: ContainerPhase) {
    const { failure } = this.container;
    return failure?.phase === phase ? failure : undefined;
  }

  private get behaviour() {
    return this.container.build.options.behaviour;
  }
}
