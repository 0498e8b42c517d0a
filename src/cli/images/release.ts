import type { Command } from 'commander';
import { exitCodes } from '../exit.js';
import { type Output, printJson } from '../output.js';
import { amountOf, versionLines } from '../views/image-cells.js';
import { type ChoiceFlags, addChoiceFlags, choiceOf } from './choice.js';
import { unlessLeft } from './leave.js';
import { type AtWork, type LineFlags, lineSubcommand, withLine } from './line-command.js';

/** `nightshift images release` */
export function releaseCommand(parent: Command, output: Output): void {
  addChoiceFlags(
    lineSubcommand(
      parent,
      'release',
      'let held images be tried again: all, or those that are named',
    ),
  ).action((name: string, flags: LineFlags & ChoiceFlags) =>
    withLine(name, flags, output, (at) => release(at, flags)),
  );
}

async function release(at: AtWork, flags: LineFlags & ChoiceFlags): Promise<number> {
  const { line, output } = at;
  return await unlessLeft(at, async (signal) => {
    const result = await line.release(choiceOf(flags), signal);
    const { released } = result;
    if (flags.json) printJson(output, result);
    else if (released.length === 0) output.print('nothing of that is held');
    else {
      output.print(`${amountOf(released)} released, to be built as there is room`);
      for (const text of versionLines(released, output)) output.print(text);
    }
    return exitCodes.done;
  });
}
