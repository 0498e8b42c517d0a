import type { Command } from 'commander';
import { exitCodes } from '../exit.js';
import { type Output, printJson } from '../output.js';
import { rowLimit, runRow } from '../views/run-rows.js';
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
      .option('--limit <n>', 'at most so many', rowLimit, 20),
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
        listed.map((build) => runRow(build)),
      ),
    );
  return exitCodes.done;
}
