import type { Command } from 'commander';
import type { Output } from '../output.js';
import { namedScheduleCommand } from './schedule-command.js';

/** `nightshift schedule resume` */
export function resumeCommand(parent: Command, output: Output): void {
  const verb = { name: 'resume', description: 'start its runs again', done: 'resumed' };
  namedScheduleCommand(parent, output, verb, ({ nightshift }, name, { note }) =>
    nightshift.schedules.resume(name, note),
  ).option('--note <text>', 'shown with the schedule');
}
