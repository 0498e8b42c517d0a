import { setTimeout as delay } from 'node:timers/promises';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { Build, CodeBuildClient } from '@aws-sdk/client-codebuild';
import type { FollowOutcome, FollowState } from '../../domain/builds/follow.js';
import { type LogCursor, type LogEvent, takePart } from '../../domain/builds/log-cursor.js';
import type { BuildSnapshot } from '../../domain/builds/result.js';
import type { BuildPlace } from '../../domain/builds/spec.js';
import { parseDuration } from '../../domain/duration.js';
import { NightshiftError } from '../../domain/errors.js';
import type { SavedProgress } from '../saved-progress.js';
import type { BuildWatch } from './build-watch.js';
import { type LogRead, type LogStream, readLogPage } from './log-reader.js';
import type { LogWriter } from './sinks/log-writer.js';
import { snapshotOf } from './snapshot.js';

/** What CodeBuild itself may take beyond a build's limits before the build is taken for forgotten. */
const slack = 3_600_000;
/** A page smaller than this is the newest that there is, more often than not: the next look brings what follows. */
const smallPage = 100_000;

export interface FollowOptions {
  place: BuildPlace;
  buildId: string;
  codebuild: CodeBuildClient;
  logs: CloudWatchLogsClient;
  watch: BuildWatch;
  progress: SavedProgress<FollowState>;
  /** Absent: nobody wants the log. */
  writer: LogWriter | undefined;
  signal: AbortSignal;
}

/** Follows one build to its end, and its log to its last byte. */
export class BuildFollower {
  private readonly pollInterval: number;
  private readonly logDrain: number;
  private readonly logWait: number;
  private firstSeen: number | undefined;

  constructor(private readonly options: FollowOptions) {
    const { pollInterval, logDrain, logWait } = options.place.builds;
    this.pollInterval = parseDuration(pollInterval);
    this.logDrain = parseDuration(logDrain);
    this.logWait = parseDuration(logWait);
  }

  async run(): Promise<FollowOutcome> {
    const { codebuild, buildId, watch, place, progress, signal } = this.options;
    for await (const seen of watch.watch(codebuild, buildId, this.pollInterval, signal)) {
      const build = snapshotOf(seen, place.target);
      if (build.status !== 'IN_PROGRESS') {
        await this.drain(build);
        return { build, state: progress.value };
      }
      this.expectEnd(seen);
      const stream = streamOf(build);
      if (stream) await this.readOn(stream);
    }
    throw new NightshiftError('Internal', `the watch of ${buildId} ended before the build`);
  }

  /** Reads a log to its end for now. */
  private async readOn(stream: LogStream): Promise<void> {
    const { writer, progress } = this.options;
    if (!writer) return;
    if (progress.value.pending !== undefined) await this.writeAgain(writer, stream);
    let read = await this.read(stream, progress.value.cursor);
    for (;;) {
      const isLast = read.isEnd || isSmall(read.events);
      // The next page comes while this one is written.
      const next = isLast ? undefined : this.read(stream, read.cursor);
      next?.catch(() => undefined);
      if (!read.missing) await writer.write(read.events, read.cursor, this.options.signal);
      if (!next) return;
      read = await next;
    }
  }

  /** After the end its last lines are still on their way: reads on until two looks, late enough, found nothing. */
  private async drain(build: BuildSnapshot): Promise<void> {
    const { writer, progress, signal } = this.options;
    if (!writer || build.log.disabled) return;
    const ended = Date.now();
    const pause = Math.min(this.pollInterval, Math.max(this.logDrain / 2, 10));
    for (let quiet = 0; quiet < 2;) {
      const before = progress.value.position.events;
      const stream = streamOf(build);
      const read = stream && (await this.readToEnd(stream));
      const patience = read === 'missing' ? this.logWait : this.logDrain;
      const isQuiet = progress.value.position.events === before;
      quiet = isQuiet && Date.now() - ended >= patience ? quiet + 1 : 0;
      if (quiet < 2) await delay(pause, undefined, { signal });
    }
  }

  private async readToEnd(stream: LogStream): Promise<'read' | 'missing'> {
    const { writer, progress, signal } = this.options;
    if (!writer) return 'read';
    if (progress.value.pending !== undefined) await this.writeAgain(writer, stream);
    for (;;) {
      const read = await this.read(stream, progress.value.cursor);
      if (read.missing) return 'missing';
      await writer.write(read.events, read.cursor, signal);
      if (read.isEnd) return 'read';
    }
  }

  /** Gives the sinks the very bytes that an earlier attempt was giving them, and then what follows. */
  private async writeAgain(writer: LogWriter, stream: LogStream): Promise<void> {
    const { progress, signal } = this.options;
    const { cursor: from, pending = 0 } = progress.value;
    const events: LogEvent[] = [];
    let cursor: LogCursor = from;
    let count: number | undefined;
    while ((count = countOf(events, pending)) === undefined) {
      const read = await this.read(stream, cursor);
      events.push(...read.events);
      cursor = read.cursor;
      // They were there: CloudWatch answers from a place that has not heard of them yet.
      if (read.isEnd && read.events.length === 0)
        await delay(this.pollInterval, undefined, { signal });
    }
    await writer.write(events.slice(0, count), takePart(from, events, count), signal);
    await writer.write(events.slice(count), cursor, signal);
  }

  private read(stream: LogStream, cursor: LogCursor): Promise<LogRead> {
    return readLogPage(this.options.logs, stream, cursor, this.options.signal);
  }

  /** A build that CodeBuild has not ended long after its time is not waited for any more. */
  private expectEnd({ id, timeoutInMinutes = 2160, queuedTimeoutInMinutes = 480 }: Build): void {
    this.firstSeen ??= Date.now();
    const longest = (timeoutInMinutes + queuedTimeoutInMinutes) * 60_000 + slack;
    if (Date.now() - this.firstSeen <= longest) return;
    throw new NightshiftError(
      'AwsRefused',
      `build ${id ?? ''} goes on beyond its limits of ${queuedTimeoutInMinutes} minutes in the queue and ${timeoutInMinutes} at work`,
    );
  }
}

function streamOf({ log: { group, stream, disabled } }: BuildSnapshot): LogStream | undefined {
  return group === undefined || stream === undefined || disabled ? undefined : { group, stream };
}

function isSmall(events: readonly LogEvent[]): boolean {
  if (events.length === 0) return false;
  let size = 0;
  for (const { message } of events) size += message.length;
  return size < smallPage && events.length < 1_000;
}

/** How many events make up so many bytes; undefined when they are fewer. */
function countOf(events: readonly LogEvent[], bytes: number): number | undefined {
  let total = 0;
  for (const [index, { message }] of events.entries()) {
    if (total >= bytes) return index;
    total += Buffer.byteLength(message);
  }
  return total >= bytes ? events.length : undefined;
}
