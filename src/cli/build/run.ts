import { createHash } from 'node:crypto';
import type { Command } from 'commander';
import type { BuildRequest } from '../../domain/builds/input.js';
import { InvalidInputError } from '../../domain/errors.js';
import { expectWorker } from '../worker-check.js';
import { exitCodes } from '../exit.js';
import { interruptible } from '../interrupts.js';
import type { Output } from '../output.js';
import { type Session, withSession } from '../session.js';
import type { Build, Builds } from './builds.js';
import { exitCodeHelp } from './exit-code.js';
import { addLogFlags, addRequestFlags } from './flags.js';
import { printBuildJson } from './json.js';
import type { LogFlags } from './printer-for.js';
import { type RequestFlags, readRequest } from './request.js';
import { addSessionFlags } from './session.js';
import type { Signals } from './signals.js';
import { type Stage, stageOf } from './stage.js';
import { startLines, watchToResult } from './watch.js';

export interface RunFlags extends RequestFlags, LogFlags {
  config?: string;
  name?: string;
  detach?: boolean;
}

/** `nightshift build run` */
export function runCommand(parent: Command, output: Output): void {
  const command = parent
    .command('run')
    .description('run a CodeBuild build, show its log, and exit as it did');
  addSessionFlags(addLogFlags(addRequestFlags(command)))
    .option('--name <id>', 'workflow id; a build of this name that goes on is joined')
    .option('--detach', 'start it, print its build id, and return')
    .addHelpText('after', exitCodeHelp)
    .action(async (flags: RunFlags) => {
      checkFlags(flags);
      const { request, notes } = await readRequest(flags);
      for (const note of notes) output.say(note);
      process.exitCode = await withSession(flags, async (session) => {
        await interruptible((signal) => expectWorker(session, output, signal));
        const { builds } = session.nightshift;
        return await runBuild(request, flags, { builds, session, stage: stageOf(output) });
      });
    });
}

function checkFlags({ detach, local, name }: RunFlags): void {
  const source = 'build run';
  const issues = [];
  if (detach && local)
    issues.push({
      source,
      path: '--detach',
      message: 'can’t go with --local: the worker would end with this command',
    });
  if (name !== undefined && !/^[\w./:@-]{1,200}$/.test(name))
    issues.push({
      source,
      path: '--name',
      message: `"${name}" is not allowed: must be 1 to 200 letters, digits and . _ / : @ -`,
    });
  if (issues.length > 0) throw new InvalidInputError(issues);
}

interface RunContext {
  builds: Builds;
  session: Pick<Session, 'loaded' | 'local'>;
  stage: Stage;
}

/** Starts the build and watches it, or leaves it. The exit code. */
export async function runBuild(
  asked: BuildRequest,
  flags: RunFlags,
  { builds, session, stage }: RunContext,
): Promise<number> {
  const { loaded, local } = session;
  const request = { ...asked, ...(loaded ? { setup: { config: loaded.config } } : {}) };
  const workflowId =
    flags.name ?? (local ? localName(asked, loaded?.path ?? process.cwd()) : undefined);
  // From here on there may be a build: who ends this command means the build, too.
  const signals = stage.signals();
  try {
    const build = await builds.run(request, workflowId === undefined ? {} : { workflowId });
    const watching = { ...flags, stage, local, signals };
    return flags.detach ? await leave(build, watching) : await watchToResult(build, watching);
  } finally {
    signals.close();
  }
}

interface LeaveOptions {
  json?: boolean;
  stage: Stage;
  local: boolean;
  signals: Signals;
}

/** Waits for the build id, prints it, and leaves the build to itself. */
async function leave(build: Build, options: LeaveOptions): Promise<number> {
  const { stage, json, signals } = options;
  const { output } = stage;
  const started = await Promise.race([build.started(), signals.next()]);
  if (typeof started === 'string') {
    output.say('stopping the build, which was to be left once it had started');
    await build.stop('stopped before it was left');
    return started === 'interrupt' ? exitCodes.interrupted : exitCodes.failed;
  }
  for (const line of startLines(started, build, options)) output.say(line);
  if (json) printBuildJson(output, { workflowId: build.workflowId, ...started });
  // Alone, so that a script can take it.
  else output.print(started.buildId);
  return exitCodes.done;
}

/** In this process nobody else knows the build: after a crash the same command finds it by this, and goes on. */
function localName(request: BuildRequest, place: string): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([request, place]))
    .digest('hex');
  return `build-local-${digest.slice(0, 12)}`;
}
