import type { Command } from 'commander';
import type { RunHandle } from '../../client/index.js';
import { type Output, printJson } from '../output.js';
import { type Session, withSession } from '../session.js';

/** Flags of every command on a run that was started earlier. */
export interface RunFlags {
  config?: string;
  local?: boolean;
  json?: boolean;
}

/** A command on a run: `nightshift cleanup <name> … <run>`. */
export function runSubcommand(parent: Command, name: string, description: string): Command {
  return addRunFlags(parent.command(name).description(description)).argument(
    '<run>',
    'workflow id, run id, or latest',
  );
}

export function addRunFlags(command: Command): Command {
  return command
    .option('--config <file>', 'nightshift.yaml to read (default: the one in this folder)')
    .option('--local', 'use a server and a worker in this process')
    .option('--json', 'print JSON, alone on stdout');
}

/** Finds the run and does something with it; what is returned is the exit code. */
export async function withRun(
  name: string,
  flags: RunFlags,
  work: (run: RunHandle, session: Session) => Promise<number>,
): Promise<void> {
  process.exitCode = await withSession(flags, async (session) =>
    work(await session.nightshift.cleanup.get(name), session),
  );
}

/** Says that a run was told something. */
export function acknowledge(
  { workflowId, runId }: RunHandle,
  done: string,
  { json }: RunFlags,
  output: Output,
): void {
  if (json) printJson(output, { workflowId, runId, done });
  else output.print(`${done} ${workflowId}`);
}
