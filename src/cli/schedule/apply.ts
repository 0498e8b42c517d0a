import type { Command } from 'commander';
import type { ScheduleChange } from '../../client/index.js';
import { NightshiftError } from '../../domain/errors.js';
import { exitCodes } from '../exit.js';
import { type Colours, type Output, printJson } from '../output.js';
import { withSession } from '../session.js';
import { type ScheduleFlags, addScheduleFlags } from './schedule-command.js';

interface ApplyFlags extends ScheduleFlags {
  prune?: boolean;
  dryRun?: boolean;
}

/** `nightshift schedule apply` */
export function applyCommand(parent: Command, output: Output): void {
  addScheduleFlags(
    parent.command('apply').description('make the server’s schedules those of nightshift.yaml'),
  )
    .option('--prune', 'remove schedules that the file no longer has')
    .option('--dry-run', 'show what would change; change nothing')
    .action(async (flags: ApplyFlags) => {
      process.exitCode = await withSession(
        { ...flags, needsConfig: true },
        async ({ nightshift, loaded }) => {
          if (!loaded) throw new NightshiftError('Internal', 'there is no config');
          const changes = await nightshift.schedules.apply(loaded.config, {
            prune: flags.prune ?? false,
            dryRun: flags.dryRun ?? false,
          });
          if (flags.json) printJson(output, changes);
          else output.print(renderChanges(changes, flags.dryRun ?? false, output.paint));
          return exitCodes.done;
        },
      );
    });
}

function renderChanges(
  changes: readonly ScheduleChange[],
  dryRun: boolean,
  colours: Colours,
): string {
  if (changes.length === 0) return 'nightshift.yaml has no schedules, and neither has the server';
  const lines = changes.map((change) => changeLine(change, colours));
  const real = changes.filter(({ kind }) => kind !== 'unchanged' && kind !== 'unknown').length;
  const sum = real === 0 ? 'nothing to change' : `${real} ${dryRun ? 'would change' : 'changed'}`;
  return [...lines, dryRun ? `${sum} (dry run: nothing was touched)` : sum].join('\n');
}

function changeLine(change: ScheduleChange, colours: Colours): string {
  switch (change.kind) {
    case 'created':
      return `${colours.green('+')} ${change.name}`;
    case 'updated':
      return `${colours.yellow('~')} ${change.name}: ${change.fields.join(', ')}`;
    case 'removed':
      return `${colours.red('-')} ${change.name}`;
    case 'unchanged':
      return `= ${change.name}`;
    case 'unknown':
      return `? ${change.name}: not in the file; --prune removes it`;
  }
}
