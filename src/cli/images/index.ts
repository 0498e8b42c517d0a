import type { Command } from 'commander';
import type { Output } from '../output.js';
import { buildCommand } from './build.js';
import { checkCommand } from './check.js';
import { listCommand } from './list.js';
import { planCommand } from './plan.js';
import { pruneCommand } from './prune.js';
import { releaseCommand } from './release.js';
import { reportCommand } from './report.js';
import { seedCommand } from './seed.js';
import { statusCommand } from './status.js';

/** `nightshift images …` */
export function imagesCommand(parent: Command, output: Output): void {
  const images = parent
    .command('images')
    .description('keep one machine image per base OS and package version');
  for (const add of [
    planCommand,
    checkCommand,
    buildCommand,
    statusCommand,
    releaseCommand,
    seedCommand,
    pruneCommand,
    reportCommand,
    listCommand,
  ])
    add(images, output);
}
