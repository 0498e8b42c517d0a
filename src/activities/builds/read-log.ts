import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { CodeBuildClient } from '@aws-sdk/client-codebuild';
import type { LogCursor, LogEvent } from '../../domain/builds/log-cursor.js';
import type { LogAnswer, LogRequest } from '../../domain/builds/log-page.js';
import type { BuildSnapshot } from '../../domain/builds/result.js';
import { parseDuration } from '../../domain/duration.js';
import { getBuild } from './describe-build.js';
import { readLogPage } from './log-reader.js';

const pack = promisify(gzip);
/** An answer is one payload of Temporal: 2 MB at most. A page is 1 MB before it is packed. */
const mostPacked = 600_000;

export interface ReadLogOptions extends LogRequest {
  codebuild: CodeBuildClient;
  logs: CloudWatchLogsClient;
  signal: AbortSignal;
}

/** Reads on in a build's log, as much as an answer holds; waits a while for something new where there is nothing. */
export async function readLog(options: ReadLogOptions): Promise<LogAnswer> {
  const { place, buildId, codebuild, wait, signal } = options;
  const pollInterval = parseDuration(place.builds.pollInterval);
  const until = Date.now() + wait;
  let quietSince: number | undefined;
  for (let quiet = 0; ;) {
    const build = await getBuild(codebuild, buildId, place.target, signal);
    const hasEnded = build.status !== 'IN_PROGRESS';
    const read = await readWhatIsThere(options, build);
    const answer = { pages: read.pages, cursor: read.cursor, isEnd: read.isEnd, build };
    if (read.pages.length > 0) return { ...answer, isWhole: false };
    if (hasEnded) {
      quietSince ??= Date.now();
      const isLate = Date.now() - quietSince >= drainOf(options, build, read.missing);
      quiet = isLate ? quiet + 1 : 0;
      if (quiet === 2 || wait === 0) return { ...answer, isWhole: true };
    } else if (Date.now() >= until) return { ...answer, isWhole: false };
    await delay(hasEnded ? Math.min(pollInterval, 1_000) : pollInterval, undefined, { signal });
  }
}

/** How long to go on looking after a build's end: its last lines come late, its whole log perhaps later. */
function drainOf({ place }: LogRequest, { log }: BuildSnapshot, missing: boolean): number {
  if (log.disabled) return 0;
  return parseDuration(missing && log.stream ? place.builds.logWait : place.builds.logDrain);
}

async function readWhatIsThere(
  { logs, cursor: from, signal }: ReadLogOptions,
  { log: { group, stream, disabled } }: BuildSnapshot,
): Promise<{ pages: string[]; cursor: LogCursor; isEnd: boolean; missing: boolean }> {
  const pages: string[] = [];
  let cursor = from;
  if (disabled || group === undefined || stream === undefined)
    return { pages, cursor, isEnd: true, missing: true };
  for (let size = 0; size < mostPacked;) {
    const read = await readLogPage(logs, { group, stream }, cursor, signal);
    cursor = read.cursor;
    if (read.events.length > 0) {
      const page = await packed(read.events);
      pages.push(page);
      size += page.length;
    }
    if (read.isEnd) return { pages, cursor, isEnd: true, missing: read.missing };
  }
  return { pages, cursor, isEnd: false, missing: false };
}

async function packed(events: readonly LogEvent[]): Promise<string> {
  const json = JSON.stringify(events.map(({ timestamp, message }) => [timestamp, message]));
  return (await pack(json, { level: 1 })).toString('base64');
}
