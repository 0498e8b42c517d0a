import type { Command } from 'commander';
import type { BuildSnapshot } from '../../domain/builds/result.js';
import { targetName } from '../../domain/target.js';
import { formatDuration, formatTime, parseTime } from '../../report/format.js';
import { exitCodes } from '../exit.js';
import type { Colours, Output } from '../output.js';
import type { Build } from './builds.js';
import { printBuildJson } from './json.js';
import { phaseTable, statusWord } from './phases.js';
import { type BuildFlags, buildSubcommand, withBuild } from './session.js';

/** `nightshift build status` */
export function statusCommand(parent: Command, output: Output): void {
  buildSubcommand(parent, 'status', 'show how a build stands').action(
    (name: string, flags: BuildFlags) =>
      withBuild(name, flags, (build) => showStatus(build, flags, output)),
  );
}

export async function showStatus(
  build: Build,
  { json }: Pick<BuildFlags, 'json'>,
  output: Output,
): Promise<number> {
  const snapshot = await build.status();
  if (json) printBuildJson(output, snapshot);
  else
    output.print(
      renderStatus(snapshot, { columns: output.columns, colours: output.paint, now: Date.now() }),
    );
  return exitCodes.done;
}

interface StatusOptions {
  columns: number;
  colours: Colours;
  /** Milliseconds since the epoch. */
  now: number;
}

/** How a build stands, in lines that fit the columns; save for links, which would not work when broken. */
export function renderStatus(
  build: BuildSnapshot,
  { columns, colours, now }: StatusOptions,
): string {
  const facts: [string, string | undefined][] = [
    ['build', build.buildId],
    ['status', statusWord(build.status, colours) + took(build, now)],
    ['target', targetName(build.target)],
    ['source', build.sourceVersion],
    ['started', startOf(build)],
    ['workflow', build.workflowId],
    ['next', build.nextAutoRetry],
    ['console', build.links.console],
    ['log', build.log.disabled ? 'the project writes none to CloudWatch' : build.links.log],
  ];
  const head = facts.flatMap(([name, value]) =>
    value === undefined ? [] : [`${colours.dim(name.padEnd(8))}  ${value}`],
  );
  return [...head, '', ...phaseTable(build.phases, { columns, colours })].join('\n');
}

function startOf({ startedAt }: BuildSnapshot): string | undefined {
  const at = parseTime(startedAt);
  return at === undefined ? undefined : formatTime(at);
}

function took({ startedAt, endedAt }: BuildSnapshot, now: number): string {
  const from = parseTime(startedAt);
  if (from === undefined) return '';
  const to = parseTime(endedAt);
  return to === undefined
    ? ` for ${formatDuration(now - from)}`
    : ` in ${formatDuration(to - from)}`;
}
