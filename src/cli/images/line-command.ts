import type { Command } from 'commander';
import type { LineHandle } from '../../client/index.js';
import { lineOf } from '../../domain/config/index.js';
import { interruptible } from '../interrupts.js';
import type { Output } from '../output.js';
import { type Session, loadIfThere, withSession } from '../session.js';
import { expectWorker } from '../worker-check.js';

/** Flags of every command on a line. */
export interface LineFlags {
  channel?: string;
  config?: string;
  local?: boolean;
  json?: boolean;
}

/** A command on a line: `nightshift images <name> … <line>`. */
export function lineSubcommand(parent: Command, name: string, description: string): Command {
  return addSessionFlags(parent.command(name).description(description))
    .argument('<line>', 'name of the line')
    .option('--channel <name>', 'channel of the line, where it has more than one');
}

export function addSessionFlags(command: Command): Command {
  return command
    .option('--config <file>', 'nightshift.yaml to read (default: the one in this folder)')
    .option('--local', 'use a server and a worker in this process')
    .option('--json', 'print the result as JSON, alone on stdout');
}

/** What a command on a line works with. */
export interface AtWork {
  line: LineHandle;
  session: Session;
  output: Output;
}

/** Finds the line and does something with it, once a worker is there; what is returned is the exit code. */
export async function withLine(
  name: string,
  flags: LineFlags,
  output: Output,
  work: (at: AtWork) => Promise<number>,
): Promise<void> {
  const needsConfig = flags.local ?? false;
  // A wrong name is told of before a server is looked for.
  const own = await loadIfThere(flags.config, needsConfig);
  if (own) lineOf(own.config, name, flags.channel);
  process.exitCode = await withSession({ ...flags, needsConfig }, async (session) => {
    const line = lineFor(name, flags.channel, session);
    await interruptible((signal) => expectWorker(session, output, signal));
    return await work({ line, session, output });
  });
}

export function lineFor(
  name: string,
  channel: string | undefined,
  { nightshift, loaded }: Session,
): LineHandle {
  return nightshift.images.line(name, {
    ...(channel === undefined ? {} : { channel }),
    ...(loaded ? { setup: { config: loaded.config } } : {}),
  });
}

/** For options that may be given more than once. */
export function collect(value: string, previous: string[] = []): string[] {
  return [...previous, value];
}
