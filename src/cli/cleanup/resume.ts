import type { Command } from 'commander';
import { exitCodes } from '../exit.js';
import type { Output } from '../output.js';
import { type RunFlags, acknowledge, runSubcommand, withRun } from './run-argument.js';

/** `nightshift cleanup resume` */
export function resumeCommand(parent: Command, output: Output): void {
  runSubcommand(parent, 'resume', 'let a paused run go on').action(
    (name: string, flags: RunFlags) =>
      withRun(name, flags, async (run) => {
        await run.resume();
        acknowledge(run, 'resumed', flags, output);
        return exitCodes.done;
      }),
  );
}
