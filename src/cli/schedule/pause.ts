import type { Command } from 'commander';
import type { Output } from '../output.js';
import { namedScheduleCommand } from './schedule-command.js';

/** `nightshift schedule pause` */
export function pauseCommand(parent: Command, output: Output): void {
  const verb = { name: 'pause', description: 'start no more runs of it', done: 'paused' };
  namedScheduleCommand(parent, output, verb, ({ nightshift }, name, { note }) =>
    nightshift.schedules.pause(name, note),
  ).option('--note <text>', 'shown with the schedule');
}
