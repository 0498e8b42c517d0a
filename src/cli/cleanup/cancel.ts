import type { Command } from 'commander';
import { exitCodes } from '../exit.js';
import type { Output } from '../output.js';
import { type RunFlags, acknowledge, runSubcommand, withRun } from './run-argument.js';

/** `nightshift cleanup cancel` */
export function cancelCommand(parent: Command, output: Output): void {
  runSubcommand(parent, 'cancel', 'begin nothing more; what AWS deletes by now is waited for')
    .option('--reason <text>', 'why, for the report')
    .action((name: string, flags: RunFlags & { reason?: string }) =>
      withRun(name, flags, async (run) => {
        await run.cancel(flags.reason === undefined ? {} : { reason: flags.reason });
        acknowledge(run, 'cancelling', flags, output);
        return exitCodes.done;
      }),
    );
}
