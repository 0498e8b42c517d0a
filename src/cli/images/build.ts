import type { Command } from 'commander';
import type { Output } from '../output.js';
import { type WaitFlags, addWaitFlag, haveBuilt } from './check.js';
import { type ChoiceFlags, addChoiceFlags, choiceOf } from './choice.js';
import { lineSubcommand, withLine } from './line-command.js';

interface BuildFlags extends WaitFlags, ChoiceFlags {
  rebuild?: boolean;
}

/** `nightshift images build` */
export function buildCommand(parent: Command, output: Output): void {
  addWaitFlag(
    addChoiceFlags(
      lineSubcommand(
        parent,
        'build',
        'have images built that are not there, held ones and those that wait for approval among them',
      ),
    ),
  )
    .option('--rebuild', 'build those that are there anew, too')
    .action((name: string, flags: BuildFlags) =>
      withLine(name, flags, output, (at) =>
        haveBuilt(at, flags, (signal) =>
          at.line.build(
            { ...choiceOf(flags), ...(flags.rebuild ? { rebuild: true } : {}) },
            signal,
          ),
        ),
      ),
    );
}
