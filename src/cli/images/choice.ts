import type { Command } from 'commander';
import type { CellChoice, LineStatus } from '../../client/index.js';
import { choiceAmong } from '../../domain/images/choose.js';
import { collect } from './line-command.js';

/** Flags that say which images of a line are meant. */
export interface ChoiceFlags {
  version?: string[];
  os?: string[];
  arch?: string[];
}

export function addChoiceFlags(command: Command): Command {
  return command
    .option(
      '--version <version>',
      'only this version, such as 16.11.0-1, or 16.11.0 for any release of it (repeatable)',
      collect,
    )
    .option('--os <name>', 'only this base OS (repeatable)', collect)
    .option('--arch <name>', 'only this architecture (repeatable)', collect);
}

export function choiceOf({ version, os, arch }: ChoiceFlags): CellChoice {
  return {
    ...(version ? { versions: version } : {}),
    ...(os ? { os } : {}),
    ...(arch ? { arch } : {}),
  };
}

/**
 * The status of the images that are meant, by the same reading of the flags as the line's own.
 *
 * @throws InvalidInputError naming what there is.
 */
export function chosenOf(status: LineStatus, flags: ChoiceFlags): LineStatus {
  return { ...status, cells: choiceAmong(status.cells, choiceOf(flags)) };
}
