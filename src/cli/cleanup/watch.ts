import type { Command } from 'commander';
import type { Output } from '../output.js';
import { followToResult } from './follow.js';
import { type RunFlags, runSubcommand, withRun } from './run-argument.js';

/** `nightshift cleanup watch` */
export function watchCommand(parent: Command, output: Output): void {
  runSubcommand(parent, 'watch', 'show a run until it ends; exits by its result').action(
    (name: string, flags: RunFlags) =>
      withRun(name, flags, (run, { local }) =>
        followToResult(run, { output, local, json: flags.json ?? false }),
      ),
  );
}
