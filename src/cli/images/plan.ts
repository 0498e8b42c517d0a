import type { Command } from 'commander';
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
      const plan = chosenOf(await interruptible((signal) => line.plan(signal)), flags);
      const { columns, paint: colours } = output;
      if (flags.json) printBuildJson(output, plan);
      else output.print(renderLinePlan(plan, { columns, colours, now: Date.now() }));
      return exitCodes.done;
    }),
  );
}
