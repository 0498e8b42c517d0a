import type { Command } from 'commander';
import type { CheckStarted } from '../../client/index.js';
import { printBuildJson } from '../build/json.js';
import { exitCodes } from '../exit.js';
import type { Output } from '../output.js';
import { leavingLines, startedLines } from '../views/image-outcome.js';
import { unlessLeft } from './leave.js';
import { type AtWork, type LineFlags, lineSubcommand, withLine } from './line-command.js';
import { settle } from './settle.js';

export interface WaitFlags extends LineFlags {
  wait?: boolean;
}

/** `nightshift images check` */
export function checkCommand(parent: Command, output: Output): void {
  addWaitFlag(
    lineSubcommand(
      parent,
      'check',
      'compare the mirror with what is built, and have what is missing built',
    ),
  )
    .option('--approve', 'let go what the first check held back (firstRunLimit)')
    .action((name: string, flags: WaitFlags & { approve?: boolean }) =>
      withLine(name, flags, output, (at) =>
        haveBuilt(at, flags, (signal) =>
          at.line.check(flags.approve ? { approve: true } : {}, signal),
        ),
      ),
    );
}

export function addWaitFlag(command: Command): Command {
  return command.option(
    '--wait',
    'wait until each image is there, or given up; so does --local, whose worker ends with the command',
  );
}

/** Has images set to be built, and waits for them where that is asked for. The exit code. */
export async function haveBuilt(
  at: AtWork,
  flags: WaitFlags,
  set: (signal: AbortSignal) => Promise<CheckStarted>,
): Promise<number> {
  const { output, session } = at;
  return await unlessLeft(at, async (signal) => {
    const started = await set(signal);
    const waits = flags.wait ?? session.local;
    if (!waits && flags.json) printBuildJson(output, started);
    else if (!flags.json) {
      const how = { columns: output.columns, colours: output.paint };
      for (const text of (waits ? startedLines : leavingLines)(started, how)) output.print(text);
    }
    return waits ? await settle(at, started, flags, signal) : exitCodes.done;
  });
}
