import type { Command } from 'commander';
import { exitCodes } from '../exit.js';
import type { Output } from '../output.js';
import { type RunFlags, acknowledge, runSubcommand, withRun } from './run-argument.js';

/** `nightshift cleanup pause` */
export function pauseCommand(parent: Command, output: Output): void {
  runSubcommand(parent, 'pause', 'begin no more deletes until the run is resumed').action(
    (name: string, flags: RunFlags) =>
      withRun(name, flags, async (run) => {
        await run.pause();
        acknowledge(run, 'paused', flags, output);
        return exitCodes.done;
      }),
  );
}
