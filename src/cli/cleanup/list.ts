import { type Command, InvalidArgumentError } from 'commander';
import type { RunListing } from '../../client/index.js';
import { formatDuration } from '../../report/format.js';
import { exitCodes } from '../exit.js';
import { type Output, printJson } from '../output.js';
import { withSession } from '../session.js';
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
    .option('--limit <n>', 'at most so many', wholeNumber, 20)
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
          else output.print(renderTable(['RUN', 'STATE', 'STARTED (UTC)', 'TOOK'], runs.map(row)));
          return exitCodes.done;
        },
      );
    });
}

function row({ workflowId, status, startedAt, endedAt }: RunListing): string[] {
  const took = (endedAt === undefined ? Date.now() : Date.parse(endedAt)) - Date.parse(startedAt);
  return [
    workflowId,
    status.toLowerCase().replaceAll('_', ' '),
    startedAt.slice(0, 19).replace('T', ' '),
    formatDuration(took),
  ];
}

function wholeNumber(value: string): number {
  if (/^[1-9]\d{0,5}$/.test(value)) return Number(value);
  throw new InvalidArgumentError('It must be a whole number from 1.');
}
