import { type Command, InvalidArgumentError } from 'commander';
import { formatDuration } from '../../report/format.js';
import { exitCodes } from '../exit.js';
import { type Output, printJson } from '../output.js';
import { renderTable } from '../views/table.js';
import type { BuildListing, Builds } from './builds.js';
import { addSessionFlags, withBuilds } from './session.js';

interface ListFlags {
  config?: string;
  local?: boolean;
  json?: boolean;
  limit: number;
}

/** `nightshift build list` */
export function listCommand(parent: Command, output: Output): void {
  addSessionFlags(
    parent
      .command('list')
      .description('show the builds that Nightshift started, the newest first')
      .option('--limit <n>', 'at most so many', wholeNumber, 20),
  ).action(async (flags: ListFlags) => {
    process.exitCode = await withBuilds(flags, ({ builds }) => listBuilds(builds, flags, output));
  });
}

export async function listBuilds(
  builds: Builds,
  { json, limit }: Pick<ListFlags, 'json' | 'limit'>,
  output: Output,
): Promise<number> {
  const listed: BuildListing[] = [];
  for await (const build of builds.list()) {
    if (listed.push(build) === limit) break;
  }
  if (json) printJson(output, listed);
  else if (listed.length === 0) output.say('there are no builds yet');
  else
    output.print(
      renderTable(
        ['WORKFLOW', 'STATE', 'STARTED (UTC)', 'TOOK'],
        listed.map((build) => row(build)),
      ),
    );
  return exitCodes.done;
}

function row({ workflowId, status, startedAt, endedAt }: BuildListing): string[] {
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
