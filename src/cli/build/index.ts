import type { Command } from 'commander';
import type { Output } from '../output.js';
import { followCommand } from './follow.js';
import { listCommand } from './list.js';
import { logsCommand } from './logs.js';
import { runCommand } from './run.js';
import { statusCommand } from './status.js';
import { stopCommand } from './stop.js';

/** `nightshift build …` */
export function buildCommand(parent: Command, output: Output): void {
  const build = parent.command('build').description('run and watch CodeBuild builds');
  for (const add of [
    runCommand,
    followCommand,
    logsCommand,
    statusCommand,
    stopCommand,
    listCommand,
  ])
    add(build, output);
}
