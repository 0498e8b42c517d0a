import type { Command } from 'commander';
import type { Output } from '../output.js';
import { namedScheduleCommand } from './schedule-command.js';

/** `nightshift schedule delete` */
export function deleteCommand(parent: Command, output: Output): void {
  const verb = { name: 'delete', description: 'remove it from the server', done: 'deleted' };
  namedScheduleCommand(parent, output, verb, ({ nightshift }, name) =>
    nightshift.schedules.delete(name),
  );
}
