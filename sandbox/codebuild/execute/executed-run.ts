import type { Buildspec } from '../buildspec.js';
import type { Container, Run } from '../container.js';
import { commandFailed, outcomeOf } from '../failures.js';
import {
  isCommandPhase,
  succeeded,
  type CommandPhase,
  type ContainerPhase,
  type PhaseOutcome,
} from '../phases.js';
import { noBuildspec, prepare } from '../prepare.js';
import type { ValueSources } from '../variables.js';
import { processEnvironment } from './process-environment.js';
import { createScratch, type Scratch } from './scratch.js';
import { BuildShell } from './shell.js';

/** A build whose commands really run, in real time: its phases take what their commands take. */
export class ExecutedRun implements Run {
  private halting: ((time: number) => void) | undefined;
  private onHalt: (() => void) | undefined;
  private scratch: Scratch | undefined;
  private shell: BuildShell | undefined;
  private buildspec: Buildspec | undefined;

  /** @param now lets all happen that is due, and gives sandbox ms */
  constructor(
    private readonly container: Container,
    private readonly sources: ValueSources,
    private readonly now: () => number,
  ) {}

  /** Runs it to its end; resolves once nothing of it is left behind. */
  async run(): Promise<void> {
    try {
      let phase: ContainerPhase | undefined = 'DOWNLOAD_SOURCE';
      while (phase && !this.halting) phase = await this.runPhase(phase);
    } finally {
      await this.cleanUp();
      this.halting?.(this.now());
    }
  }

  halt(_time: number, done: (time: number) => void): void {
    this.halting = done;
    this.onHalt?.();
    // Its output's end lets `run` go on, which reports.
    void this.shell?.end();
  }

  private async runPhase(phase: ContainerPhase): Promise<ContainerPhase | undefined> {
    this.container.enter(phase, this.now());
    const outcome = (await this.boundToFail(phase)) ?? (await this.carryOut(phase));
    const time = this.now();
    if (this.halting) return undefined;
    const onFailure = isCommandPhase(phase) ? this.buildspec?.phases[phase].onFailure : undefined;
    return this.container.leave(phase, time, outcome, onFailure);
  }

  /** What a phase ends with that its behaviour lets fail. Nothing of it runs. */
  private async boundToFail(phase: ContainerPhase): Promise<PhaseOutcome | undefined> {
    const { failure } = this.container;
    if (failure?.phase !== phase) return undefined;
    if (failure.kind === 'timeout') {
      await new Promise<void>((resolve) => (this.onHalt = resolve));
      return succeeded;
    }
    if (failure.kind !== 'command' || !isCommandPhase(phase)) return outcomeOf(failure);
    const command = this.buildspec?.phases[phase].commands.at(-1) ?? 'make';
    return commandFailed(command, failure.exitStatus, failure.message);
  }

  private async carryOut(phase: ContainerPhase): Promise<PhaseOutcome> {
    if (phase === 'DOWNLOAD_SOURCE') return this.downloadSource();
    if (isCommandPhase(phase)) return this.runCommands(phase);
    // Whatever still runs in the background goes with the container.
    if (phase === 'FINALIZING') await this.shell?.end();
    return succeeded;
  }

  private async downloadSource(): Promise<PhaseOutcome> {
    const { build, log } = this.container;
    const prepared = prepare(build, this.sources);
    if (prepared.kind === 'failed') return prepared.outcome;
    if (!prepared.buildspec) return noBuildspec(build);
    this.buildspec = prepared.buildspec;
    this.scratch = await createScratch();
    if (this.halting) return succeeded;
    this.shell = new BuildShell({
      program: prepared.buildspec.shell,
      env: processEnvironment(build, this.scratch, prepared.values),
      directory: this.scratch.source,
      scripts: this.scratch.scripts,
      onMessages: (messages) => log.write(this.now(), messages),
    });
    return succeeded;
  }

  private async runCommands(phase: CommandPhase): Promise<PhaseOutcome> {
    const { buildspec, shell } = this;
    if (!buildspec || !shell) return succeeded;
    shell.export('CODEBUILD_BUILD_SUCCEEDING', this.container.isSucceeding ? '1' : '0');
    const { commands, finally: last } = buildspec.phases[phase];
    const outcome = await this.runInTurn(shell, commands);
    const afterwards = await this.runInTurn(shell, last);
    return outcome.status === 'SUCCEEDED' ? afterwards : outcome;
  }

  private async runInTurn(shell: BuildShell, commands: readonly string[]): Promise<PhaseOutcome> {
    const { log } = this.container;
    for (const command of commands) {
      if (this.halting) break;
      log.container(this.now(), `Running command ${command}`);
      const exitStatus = await shell.run(command);
      if (this.halting) break;
      log.write(this.now(), ['\n']);
      if (exitStatus === 0) continue;
      log.container(
        this.now(),
        `Command did not exit successfully ${command} exit status ${exitStatus}`,
      );
      return commandFailed(command, exitStatus);
    }
    return succeeded;
  }

  private async cleanUp(): Promise<void> {
    await this.shell?.end();
    await this.scratch?.remove();
  }
}
