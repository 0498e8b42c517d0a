import { setTimeout as delay } from 'node:timers/promises';
import type { ScheduledJob, StacksApi } from '../../buildkite/index.js';
import type { QueueSpec } from '../../domain/buildkite/spec.js';
import { parseDuration } from '../../domain/duration.js';
import type { SavedProgress } from '../saved-progress.js';

/** What has changed in a queue whose jobs we reserve. */
export interface Scheduled {
  /** Reserved since, in the order in which they are to run. */
  found: string[];
  /** Of those that waited: no longer ours to run. */
  gone: string[];
}

export interface ScheduledProgress {
  /** About to be reserved: whoever takes over reserves the same ones. */
  reserving?: string[];
}

export interface AwaitScheduledOptions {
  stacks: StacksApi;
  queue: QueueSpec;
  /** Jobs that are reserved and wait for a slot. */
  waiting: readonly string[];
  /** Jobs that a slot is free for. */
  free: number;
  progress: SavedProgress<ScheduledProgress>;
  signal: AbortSignal;
}

/** How long it may take, when told to stop, to find out what was reserved, in milliseconds. */
const lastWord = 10_000;
const jobsPerPage = 1_000;
const pagesPerLook = 5;
/** Seldom enough to cost nothing, and often enough that Buildkite never shows the queue as disconnected (30 s). */
const longestPause = 15_000;

/** Looks for jobs in a queue, reserves those that there is room for, and keeps what waits reserved. */
export async function awaitScheduled(options: AwaitScheduledOptions): Promise<Scheduled> {
  try {
    return await keepLooking(options);
  } catch (error) {
    const { reserving = [] } = options.progress.value;
    if (!options.signal.aborted || reserving.length === 0) throw error;
    // Told to stop in the middle of a reservation: nobody else would know of these jobs until it expires.
    const signal = AbortSignal.timeout(lastWord);
    return { found: await again({ ...options, signal }, reserving), gone: [] };
  }
}

async function keepLooking(options: AwaitScheduledOptions): Promise<Scheduled> {
  const { stacks, queue, waiting, progress, signal } = options;
  await stacks.register({ key: queue.stackKey, queue: queue.queue }, signal);
  const reserved = await again(options, progress.value.reserving ?? []);
  if (reserved.length > 0) return { found: reserved, gone: [] };
  const extendEvery = parseDuration(queue.reservation) / 3;
  const pollInterval = parseDuration(queue.place.builds.pollInterval);
  const pause = Math.min(longestPause, pollInterval, extendEvery);
  let extendAt = 0;
  for (;;) {
    if (Date.now() >= extendAt && waiting.length > 0) {
      extendAt = Date.now() + extendEvery;
      const { notReserved } = await reserve(options, waiting);
      if (notReserved.length > 0) return { found: [], gone: notReserved };
    }
    const found = await look(options);
    if (found.length > 0) return { found, gone: [] };
    await delay(pause, undefined, { signal });
  }
}

/** Jobs that are reserved now, the first of the queue first. */
async function look(options: AwaitScheduledOptions): Promise<string[]> {
  const { stacks, queue, waiting, free, progress, signal } = options;
  const room = Math.max(0, free + queue.ahead - waiting.length);
  const page = { queue: queue.queue, limit: jobsPerPage, most: pagesPerLook };
  const wanted: ScheduledJob[] = [];
  // Asked even where there is no room: a queue that nobody asks about shows as disconnected.
  for await (const { jobs, paused } of stacks.scheduledPages(queue.stackKey, page, signal)) {
    if (paused) return [];
    wanted.push(...jobs.filter((job) => canRun(queue, job) && !waiting.includes(job.id)));
    // What is urgent may be on the last page: a page holds the oldest jobs first.
    if (room === 0) break;
  }
  const chosen = wanted
    .sort((a, b) => b.priority - a.priority)
    .slice(0, room)
    .map(({ id }) => id);
  if (chosen.length === 0) return [];
  await progress.save({ reserving: chosen });
  return await again(options, chosen);
}

async function again(options: AwaitScheduledOptions, chosen: readonly string[]): Promise<string[]> {
  if (chosen.length === 0) return [];
  const { reserved } = await reserve(options, chosen);
  const those = new Set(reserved);
  const found = chosen.filter((id) => those.has(id));
  await tellThoseWaiting(options, found);
  if (found.length === 0) options.progress.note({});
  return found;
}

function reserve(
  { stacks, queue, signal }: AwaitScheduledOptions,
  ids: readonly string[],
): Promise<{ reserved: string[]; notReserved: string[] }> {
  const seconds = Math.ceil(parseDuration(queue.reservation) / 1_000);
  return stacks.reserve(queue.stackKey, ids, { seconds }, signal);
}

/** Whoever looks at the job in Buildkite sees what it waits for. */
async function tellThoseWaiting(
  { stacks, queue, waiting, free, signal }: AwaitScheduledOptions,
  found: readonly string[],
): Promise<void> {
  const notices = found.slice(Math.max(0, free - waiting.length)).map((jobId) => ({
    jobId,
    detail: `Nightshift: waiting for a free slot, ${queue.concurrency} of ${queue.concurrency} are taken`,
  }));
  if (notices.length > 0) await stacks.notify(queue.stackKey, notices, signal);
}

/** Whether our agents have every tag that a job asks for. */
function canRun({ tags }: QueueSpec, { queryRules }: ScheduledJob): boolean {
  return queryRules.every((rule) => {
    const [key = '', value = ''] = rule.split('=', 2);
    return tags.some((tag) => tag === rule || (value === '*' && tag.startsWith(`${key}=`)));
  });
}
