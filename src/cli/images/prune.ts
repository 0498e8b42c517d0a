import type { Command } from 'commander';
import type { PruneResult } from '../../client/index.js';
import { plural } from '../../report/format.js';
import { cellName } from '../../report/images/matrix.js';
import { confirmed } from '../confirm.js';
import { exitCodes } from '../exit.js';
import { type Output, printJson } from '../output.js';
import { renderTable } from '../views/table.js';
import { plainText } from '../../report/wrap-text.js';
import { unlessLeft } from './leave.js';
import { type AtWork, type LineFlags, lineSubcommand, withLine } from './line-command.js';

interface PruneFlags extends LineFlags {
  dryRun?: boolean;
  yes?: boolean;
}

/** `nightshift images prune` */
export function pruneCommand(parent: Command, output: Output): void {
  lineSubcommand(
    parent,
    'prune',
    'remove images that failed their test, and those beyond the line’s `keep`, with their copies',
  )
    .option('--dry-run', 'show what would go; remove nothing')
    .option('--yes', 'don’t ask, which is asked on a terminal only')
    .action((name: string, flags: PruneFlags) =>
      withLine(name, flags, output, (at) => unlessLeft(at, (signal) => prune(at, flags, signal))),
    );
}

async function prune(
  { line, output }: AtWork,
  flags: PruneFlags,
  signal: AbortSignal,
): Promise<number> {
  const ask = (dryRun: boolean) => line.prune({ dryRun }, signal);
  const asks = !flags.yes && !flags.json && output.interactive;
  if (flags.dryRun || asks) {
    const wouldGo = await ask(true);
    if (flags.json) printJson(output, wouldGo);
    else show(wouldGo, 'would be removed', output);
    if (flags.dryRun || wouldGo.pruned.length === 0) return exitCodes.done;
    if (!(await confirmed(`Remove ${plural(wouldGo.pruned.length, 'image')} for good?`))) {
      output.say('nothing was removed');
      return exitCodes.done;
    }
  }
  const gone = await ask(false);
  if (flags.json) printJson(output, gone);
  else show(gone, 'removed', output);
  return exitCodes.done;
}

function show({ pruned }: PruneResult, done: string, output: Output): void {
  if (pruned.length === 0) return output.print('there is nothing to remove');
  const rows = pruned.map((cell) => [
    cell.imageId,
    cellName(cell),
    cell.why === 'rejected' ? 'failed its test' : 'beyond keep',
  ]);
  output.print(
    renderTable(
      ['IMAGE', 'OF', 'WHY'],
      rows.map((row) => row.map(plainText)),
    ),
  );
  output.print(`${plural(pruned.length, 'image')} ${done}`);
}
