import type { Command } from 'commander';
import type { LineStatus } from '../../client/index.js';
import { printBuildJson } from '../build/json.js';
import { exitCodes } from '../exit.js';
import { interruptible } from '../interrupts.js';
import type { Output } from '../output.js';
import { renderLineStatus } from '../views/image-matrix.js';
import { type ChoiceFlags, addChoiceFlags, chosenOf } from './choice.js';
import { type AtWork, type LineFlags, lineSubcommand, withLine } from './line-command.js';

export type StatusFlags = LineFlags & ChoiceFlags;

/** `nightshift images status` */
export function statusCommand(parent: Command, output: Output): void {
  addChoiceFlags(
    lineSubcommand(
      parent,
      'status',
      'show how a line stands: OSes across, versions down, and why images are held',
    ),
  ).action((name: string, flags: StatusFlags) =>
    withLine(name, flags, output, async (at) => {
      showStatus(await statusOf(at, flags), flags, output);
      return exitCodes.done;
    }),
  );
}

export async function statusOf({ line }: AtWork, flags: ChoiceFlags): Promise<LineStatus> {
  return chosenOf(await interruptible((signal) => line.status(signal)), flags);
}

export function showStatus(status: LineStatus, { json }: LineFlags, output: Output): void {
  if (json) printBuildJson(output, status);
  else
    output.print(
      renderLineStatus(status, {
        columns: output.columns,
        colours: output.paint,
        now: Date.now(),
      }),
    );
}
