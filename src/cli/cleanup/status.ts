import type { Command } from 'commander';
import { targetKey } from '../../domain/target.js';
import { exitCodes } from '../exit.js';
import { type Output, printJson } from '../output.js';
import { renderRun } from '../views/live-view.js';
import { Speed } from '../views/speed.js';
import { type RunFlags, runSubcommand, withRun } from './run-argument.js';

/** `nightshift cleanup status` */
export function statusCommand(parent: Command, output: Output): void {
  runSubcommand(parent, 'status', 'show how a run stands').action((name: string, flags: RunFlags) =>
    withRun(name, flags, async (run) => {
      // A run that failed as a whole has no progress to show: its error is how it stands.
      if (!(await run.isGoingOn())) await run.summary();
      const state = await run.look();
      if (flags.json) {
        const targets = state.run.targets.map((target) => ({
          ...target,
          progress: state.targets.get(targetKey(target.target)),
        }));
        printJson(output, { ...state.run, targets });
      } else {
        const { columns, paint: colours } = output;
        const rows = Number.POSITIVE_INFINITY;
        output.print(
          renderRun(state, { columns, rows, colours, speed: new Speed(), now: Date.now() }),
        );
      }
      return exitCodes.done;
    }),
  );
}
