import type { Command } from 'commander';
import { exitCodes } from '../exit.js';
import type { Output } from '../output.js';
import { type RunFlags, acknowledge, addRunFlags, withRun } from './run-argument.js';

interface SkipFlags extends RunFlags {
  account?: string;
  region?: string;
}

/** `nightshift cleanup skip` */
export function skipCommand(parent: Command, output: Output): void {
  addRunFlags(
    parent
      .command('skip')
      .description('take a stack, bucket or snapshot out of a run, if its delete has not begun')
      .argument('<stack>', 'name or id of the stack, bucket or snapshot')
      .argument('<run>', 'workflow id, run id, or latest'),
  )
    .option('--account <name>', 'name or id of its account, when the name stands in several')
    .option('--region <name>', 'its region, when the name stands in several')
    .action((item: string, name: string, flags: SkipFlags) =>
      withRun(name, flags, async (run) => {
        const { account, region } = flags;
        await run.skip({
          item,
          ...(account === undefined ? {} : { account }),
          ...(region === undefined ? {} : { region }),
        });
        acknowledge(run, `asked to skip ${item}:`, flags, output);
        return exitCodes.done;
      }),
    );
}
