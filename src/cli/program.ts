import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { z } from 'zod';
import { packageRoot } from '../temporal/package-root.js';
import { buildCommand } from './build/index.js';
import { buildkiteCommand } from './buildkite/index.js';
import { approveCommand } from './cleanup/approve.js';
import { cancelCommand } from './cleanup/cancel.js';
import { listCommand } from './cleanup/list.js';
import { pauseCommand } from './cleanup/pause.js';
import { planCommand } from './cleanup/plan.js';
import { reportCommand } from './cleanup/report.js';
import { resumeCommand } from './cleanup/resume.js';
import { runCommand } from './cleanup/run.js';
import { skipCommand } from './cleanup/skip.js';
import { statusCommand } from './cleanup/status.js';
import { watchCommand } from './cleanup/watch.js';
import { demoCommand } from './demo/index.js';
import { devCommand } from './dev.js';
import { doctorCommand } from './doctor/index.js';
import { imagesCommand } from './images/index.js';
import type { Output } from './output.js';
import { sandboxCommand } from './sandbox.js';
import { applyCommand } from './schedule/apply.js';
import { deleteCommand as deleteScheduleCommand } from './schedule/delete.js';
import { listCommand as listSchedulesCommand } from './schedule/list.js';
import { pauseCommand as pauseScheduleCommand } from './schedule/pause.js';
import { resumeCommand as resumeScheduleCommand } from './schedule/resume.js';
import { triggerCommand } from './schedule/trigger.js';
import { workerCommand } from './worker.js';

/** All commands of `nightshift`. */
export function createProgram(output: Output): Command {
  const program = new Command('nightshift')
    .description('A platform team’s night work on AWS, done durably on Temporal')
    .version(version(), '-V, --version', 'show the version')
    .option(debugFlag, 'show causes and stack traces of errors')
    // A command may have a --version of its own: that of a package.
    .enablePositionalOptions()
    .exitOverride()
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 something failed, 2 usage, config or refused, 3 no Temporal server or\nworker, 4 AWS credentials or roles, 130 interrupted',
    );

  const cleanup = program
    .command('cleanup')
    .description('delete ephemeral stacks, buckets and snapshots');
  for (const add of cleanupCommands) add(cleanup, output);

  buildCommand(program, output);
  buildkiteCommand(program, output);
  imagesCommand(program, output);

  const schedule = program.command('schedule').description('runs that start by the clock');
  for (const add of scheduleCommands) add(schedule, output);

  for (const add of topCommands) add(program, output);
  adviseAfterErrors(program);
  takeDebugEverywhere(program, program.commands);
  return program;
}

const debugFlag = '--debug';

type AddCommand = (parent: Command, output: Output) => void;

const cleanupCommands: readonly AddCommand[] = [
  planCommand,
  runCommand,
  listCommand,
  watchCommand,
  statusCommand,
  pauseCommand,
  resumeCommand,
  skipCommand,
  approveCommand,
  cancelCommand,
  reportCommand,
];

const scheduleCommands: readonly AddCommand[] = [
  applyCommand,
  listSchedulesCommand,
  triggerCommand,
  pauseScheduleCommand,
  resumeScheduleCommand,
  deleteScheduleCommand,
];

const topCommands: readonly AddCommand[] = [
  demoCommand,
  workerCommand,
  devCommand,
  sandboxCommand,
  doctorCommand,
];

/** A wrong flag is answered with the very command whose help has the right ones. */
function adviseAfterErrors(command: Command, parents: readonly string[] = []): void {
  const names = [...parents, command.name()];
  command.showHelpAfterError(`(${names.join(' ')} --help shows what there is)`);
  for (const child of command.commands) adviseAfterErrors(child, names);
}

/** `--debug` counts wherever it stands, though the program's own options end where a command begins. */
function takeDebugEverywhere(program: Command, commands: readonly Command[]): void {
  for (const command of commands) {
    command
      .addOption(new Option(debugFlag).hideHelp())
      .on('option:debug', () => program.setOptionValue('debug', true));
    takeDebugEverywhere(program, command.commands);
  }
}

function version(): string {
  const text = readFileSync(join(packageRoot(), 'package.json'), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}
