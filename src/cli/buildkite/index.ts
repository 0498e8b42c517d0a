import type { Command } from 'commander';
import type { Output } from '../output.js';
import { statusCommand, stopCommand, sweepCommand } from './queues.js';
import { runJobCommand } from './run-job.js';
import { serveCommand } from './serve.js';

/** `nightshift buildkite` */
export function buildkiteCommand(parent: Command, output: Output): void {
  const buildkite = parent
    .command('buildkite')
    .description('run Buildkite’s jobs as CodeBuild builds');
  for (const add of [serveCommand, runJobCommand, statusCommand, stopCommand, sweepCommand])
    add(buildkite, output);
}
