import type { Command } from 'commander';
import type { Output } from '../output.js';
import { namedScheduleCommand } from './schedule-command.js';

/** `nightshift schedule trigger` */
export function triggerCommand(parent: Command, output: Output): void {
  const verb = { name: 'trigger', description: 'start its run now', done: 'triggered' };
  namedScheduleCommand(parent, output, verb, ({ nightshift }, name) =>
    nightshift.schedules.trigger(name),
  );
}
