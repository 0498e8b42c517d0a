import type { Command } from 'commander';
import type { CheckStarted, LineStatus } from '../../client/index.js';
import { cellName, missingFor } from '../../report/images/matrix.js';
import { printBuildJson } from '../build/json.js';
import { exitCodes } from '../exit.js';
import { interruptible } from '../interrupts.js';
import type { Output } from '../output.js';
import { renderLinePlan } from '../views/image-plan.js';
import { type ChoiceFlags, addChoiceFlags, chosenOf } from './choice.js';
import { type LineFlags, lineSubcommand, withLine } from './line-command.js';

/** `nightshift images plan` */
export function planCommand(parent: Command, output: Output): void {
  addChoiceFlags(
    lineSubcommand(
      parent,
      'plan',
      'read the mirror and show what a check would have built, and what not and why; builds nothing',
    ),
  ).action((name: string, flags: LineFlags & ChoiceFlags) =>
    withLine(name, flags, output, async ({ line }) => {
      const plan = await interruptible(async (signal) => {
        const check = await line.check({ dryRun: true }, signal);
        return chosenOf(planOf(await line.status(signal), check), flags);
      });
      const cells = plan.cells.filter(({ state }) => state !== 'built');
      if (flags.json) printBuildJson(output, { ...plan, cells });
      else {
        const { columns, paint: colours } = output;
        output.print(renderLinePlan({ ...plan, cells }, { columns, colours, now: Date.now() }));
      }
      return exitCodes.done;
    }),
  );
}

/** How the line would stand after a check: what the first one would hold back waits for approval. */
export function planOf(
  status: LineStatus,
  { started, awaitingApproval }: CheckStarted,
): LineStatus {
  const waitsAlready = status.cells.filter((cell) => missingFor(cell) === 'approval').length;
  const begins = new Set(started.map(cellName));
  const idle = status.cells.filter(
    (cell) => missingFor(cell) === 'turn' && !begins.has(cellName(cell)),
  );
  // What is not held back waits for its turn already: it was asked for by hand.
  const heldBack = new Set(
    idle.slice(Math.max(0, idle.length - (awaitingApproval - waitsAlready))).map(cellName),
  );
  return {
    ...status,
    awaitingApproval,
    cells: status.cells.map((cell) =>
      heldBack.has(cellName(cell)) ? { ...cell, reason: 'waits for approval' } : cell,
    ),
  };
}
