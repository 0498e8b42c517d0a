import type { Command } from 'commander';
import type { PruneResult } from '../../client/index.js';
import { plural } from '../../report/format.js';
import { cellName } from '../../report/images/matrix.js';
import { InvalidInputError } from '../../domain/errors.js';
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
    .option('--yes', 'don’t ask')
    .action((name: string, flags: PruneFlags) => {
      if (!flags.yes && !flags.dryRun && (flags.json || !output.interactive))
        throw new InvalidInputError([
          {
            source: 'images prune',
            path: '--yes',
            message: 'must be given where nobody can be asked (or --dry-run)',
          },
        ]);
      return withLine(name, flags, output, (at) =>
        unlessLeft(at, (signal) => prune(at, flags, signal)),
      );
    });
}

async function prune(
  { line, output }: AtWork,
  flags: PruneFlags,
  signal: AbortSignal,
): Promise<number> {
  const tell = (result: PruneResult, done: string) =>
    flags.json ? printJson(output, result) : show(result, done, output);
  if (flags.yes && !flags.dryRun) {
    tell(await line.prune({}, signal), 'removed');
    return exitCodes.done;
  }
  const wouldGo = await line.prune({ dryRun: true }, signal);
  tell(wouldGo, 'would be removed');
  const ids = wouldGo.pruned.map(({ imageId }) => imageId);
  if (flags.dryRun || ids.length === 0) return exitCodes.done;
  if (!(await confirmed(`Remove ${plural(ids.length, 'image')} for good?`))) {
    output.say('nothing was removed');
    return exitCodes.done;
  }
  // What was shown, and no more: another image may be beyond `keep` by now.
  tell(await line.prune({ images: ids }, signal), 'removed');
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
