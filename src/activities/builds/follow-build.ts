import { setTimeout as delay } from 'node:timers/promises';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { Build, CodeBuildClient } from '@aws-sdk/client-codebuild';
import { fromAwsError } from '../../aws/errors.js';
import type { FollowOutcome, FollowState } from '../../domain/builds/follow.js';
import { type LogCursor, type LogEvent, takePart } from '../../domain/builds/log-cursor.js';
import type { BuildSnapshot } from '../../domain/builds/result.js';
import type { BuildPlace } from '../../domain/builds/spec.js';
import { parseDuration } from '../../domain/duration.js';
import { NightshiftError } from '../../domain/errors.js';
import type { SavedProgress } from '../saved-progress.js';
import { type BuildWatch, refusedFor } from './build-watch.js';
import { getBuild } from './describe-build.js';
import { type LogRead, type LogStream, readLogPage } from './log-reader.js';
import { LogRelay } from './log-relay.js';
import { type LogWriter, textOf } from './sinks/log-writer.js';
import { snapshotOf } from './snapshot.js';

/** What CodeBuild itself may take beyond a build's limits before the build is taken for forgotten. */
const slack = 3_600_000;
/** How long CodeBuild may take to start its own retry of a build, in milliseconds. */
const retryWait = 60_000;
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
  /** Since when the log may not be read. */
  private refusedSince: number | undefined;

  constructor(private readonly options: FollowOptions) {
    const { pollInterval, logDrain, logWait } = options.place.builds;
    this.pollInterval = parseDuration(pollInterval);
    this.logDrain = parseDuration(logDrain);
    this.logWait = parseDuration(logWait);
  }

  async run(): Promise<FollowOutcome> {
    const { codebuild, buildId, watch, progress, signal } = this.options;
    const request = {
      buildId,
      interval: this.pollInterval,
      view: (build: Build) => this.view(build),
    };
    for await (const view of watch.watch(codebuild, request, signal)) {
      const { ended, isRetryDue, stream, overdue } = view;
      if (ended) {
        await this.drain(ended);
        const build = isRetryDue ? await this.retried(ended) : ended;
        return { build, state: progress.value };
      }
      if (overdue) throw overdue;
      if (stream) await this.readOn(stream, isNewest);
    }
    throw new NightshiftError('Internal', `the watch of ${buildId} ended before the build`);
  }

  private view(build: Build): View {
    const snapshot = snapshotOf(build, this.options.place.target);
    if (snapshot.status !== 'IN_PROGRESS')
      return { ended: snapshot, isRetryDue: isRetryDue(build) };
    return { stream: streamOf(snapshot), overdue: this.overdue(build) };
  }

  /** Reads a log to its end for now, or for as long as there is more than is enough. */
  private async readOn(
    stream: LogStream,
    isEnough: (read: LogRead, pages: number) => boolean,
  ): Promise<'read' | 'missing'> {
    const { writer, progress, signal } = this.options;
    if (!writer) return 'read';
    if (progress.value.pending !== undefined) await this.writeAgain(writer, stream);
    const relay = new LogRelay(writer, signal);
    try {
      let { cursor } = progress.value;
      for (let pages = 1; ; pages += 1) {
        await relay.room();
        const read = await this.read(stream, cursor);
        if (read.missing) return 'missing';
        relay.add(read);
        if (read.isEnd || isEnough(read, pages)) return 'read';
        cursor = read.cursor;
      }
    } finally {
      await relay.end();
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
      const stream = await this.finalStream(build);
      const read = stream && (await this.readOn(stream, () => false));
      const patience = read === 'missing' ? this.logWait : this.logDrain;
      const isQuiet = progress.value.position.events === before && !this.refusedSince;
      quiet = isQuiet && Date.now() - ended >= patience ? quiet + 1 : 0;
      if (quiet < 2) await delay(pause, undefined, { signal });
    }
  }

  /** A build that had a container for a moment only may name its stream when it has ended already. */
  private async finalStream(ended: BuildSnapshot): Promise<LogStream | undefined> {
    const { codebuild, place, signal } = this.options;
    const known = streamOf(ended);
    return known ?? streamOf(await getBuild(codebuild, ended.buildId, place.target, signal));
  }

  /** CodeBuild names the build that it starts in place of one that failed a moment after the end. */
  private async retried(ended: BuildSnapshot): Promise<BuildSnapshot> {
    const { codebuild, place, signal } = this.options;
    const until = Date.now() + retryWait;
    for (let build = ended; ;) {
      if (build.nextAutoRetry !== undefined || Date.now() >= until) return build;
      await delay(this.pollInterval, undefined, { signal });
      build = await getBuild(codebuild, ended.buildId, place.target, signal);
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
    await writer.write(textOf(events.slice(0, count)), takePart(from, events, count), signal);
    await writer.write(textOf(events.slice(count)), cursor, signal);
  }

  /** The page at a cursor. What may not be read for a while is read later, as a build is looked at later. */
  private async read(stream: LogStream, cursor: LogCursor): Promise<LogRead> {
    try {
      const read = await readLogPage(this.options.logs, stream, cursor, this.options.signal);
      this.refusedSince = undefined;
      return read;
    } catch (error) {
      if (fromAwsError(error, 'its log can’t be read').code !== 'AwsAccess') throw error;
      this.refusedSince ??= Date.now();
      if (Date.now() - this.refusedSince >= refusedFor) throw error;
      return { events: [], cursor, isEnd: true, missing: true };
    }
  }

  /** A build that CodeBuild has not ended long after its time is not waited for any more. */
  private overdue(build: Build): NightshiftError | undefined {
    const { id, timeoutInMinutes = 2160, queuedTimeoutInMinutes = 480 } = build;
    this.firstSeen ??= Date.now();
    const longest = (timeoutInMinutes + queuedTimeoutInMinutes) * 60_000 + slack;
    if (Date.now() - this.firstSeen <= longest) return undefined;
    return new NightshiftError(
      'AwsRefused',
      `build ${id ?? ''} goes on beyond its limits of ${queuedTimeoutInMinutes} minutes in the queue and ${timeoutInMinutes} at work`,
    );
  }
}

/** What counts of a build at each look. */
interface View {
  /** The build, once it has ended. */
  ended?: BuildSnapshot;
  /** Whether CodeBuild is to start another one in its place. */
  isRetryDue?: boolean;
  /** Until then, where its log is, once there is one. */
  stream?: LogStream | undefined;
  /** Why it is not waited for any more. */
  overdue?: NightshiftError | undefined;
}

/** Whether a project's own retries are not used up by a build that failed. */
function isRetryDue({ buildStatus, autoRetryConfig }: Build): boolean {
  const { autoRetryLimit = 0, autoRetryNumber = 0 } = autoRetryConfig ?? {};
  return autoRetryNumber < autoRetryLimit && !['SUCCEEDED', 'STOPPED'].includes(buildStatus ?? '');
}

function streamOf({ log: { group, stream, disabled } }: BuildSnapshot): LogStream | undefined {
  return group === undefined || stream === undefined || disabled ? undefined : { group, stream };
}

/** Whether a page has all that there is, more likely than not. One that comes after another tells nothing: there was more. */
function isNewest({ events }: LogRead, pages: number): boolean {
  if (pages > 1 || events.length === 0 || events.length >= 1_000) return false;
  let size = 0;
  for (const { message } of events) size += message.length;
  return size < smallPage;
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
