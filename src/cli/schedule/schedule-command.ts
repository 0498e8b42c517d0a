import type { Command } from 'commander';
import { type Output, printJson } from '../output.js';
import { type Session, withSession } from '../session.js';
import { exitCodes } from '../exit.js';

export interface ScheduleFlags {
  config?: string;
  json?: boolean;
}

export function addScheduleFlags(command: Command): Command {
  return command
    .option('--config <file>', 'nightshift.yaml to read (default: the one in this folder)')
    .option('--json', 'print JSON, alone on stdout');
}

/** A command on a schedule that is on the server: `nightshift schedule <verb> <name>`. */
export function namedScheduleCommand(
  parent: Command,
  output: Output,
  verb: { name: string; description: string; done: string },
  act: (session: Session, name: string, flags: ScheduleFlags & { note?: string }) => Promise<void>,
): Command {
  return addScheduleFlags(parent.command(verb.name).description(verb.description))
    .argument('<name>', 'name of the schedule')
    .action(async (name: string, flags: ScheduleFlags & { note?: string }) => {
      await withSession(flags, (session) => act(session, name, flags));
      if (flags.json) printJson(output, { name, done: verb.done });
      else output.print(`${verb.done} ${name}`);
      process.exitCode = exitCodes.done;
    });
}
