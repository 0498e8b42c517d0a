import type { Command } from 'commander';
import type { RunListing } from '../../client/index.js';
import { exitCodes } from '../exit.js';
import { type Output, printJson } from '../output.js';
import { withSession } from '../session.js';
import { rowLimit, runRow } from '../views/run-rows.js';
import { renderTable } from '../views/table.js';

interface ListFlags {
  config?: string;
  json?: boolean;
  limit: number;
}

/** `nightshift cleanup list` */
export function listCommand(parent: Command, output: Output): void {
  parent
    .command('list')
    .description('show the runs that the server knows, the newest first')
    .option('--config <file>', 'nightshift.yaml to read (default: the one in this folder)')
    .option('--limit <n>', 'at most so many', rowLimit, 20)
    .option('--json', 'print JSON, alone on stdout')
    .action(async (flags: ListFlags) => {
      process.exitCode = await withSession(
        flags.config === undefined ? {} : { config: flags.config },
        async ({ nightshift }) => {
          const runs: RunListing[] = [];
          for await (const run of nightshift.cleanup.list()) {
            if (runs.push(run) === flags.limit) break;
          }
          if (flags.json) printJson(output, runs);
          else if (runs.length === 0) output.say('there are no runs yet');
          else
            output.print(renderTable(['RUN', 'STATE', 'STARTED (UTC)', 'TOOK'], runs.map(runRow)));
          return exitCodes.done;
        },
      );
    });
}
