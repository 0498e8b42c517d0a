import { setTimeout as delay } from 'node:timers/promises';
import { BatchGetBuildsCommand, type Build, type CodeBuildClient } from '@aws-sdk/client-codebuild';
import { fromAwsError } from '../../aws/errors.js';
import { NightshiftError } from '../../domain/errors.js';

/** BatchGetBuilds takes so many. */
const idsPerCall = 100;
/** How long CodeBuild may deny that there is a build that it has started, in milliseconds. */
const unknownFor = 120_000;
/** How long credentials may be refused before a watch gives up: roles are mended, sessions renewed. */
export const refusedFor = 300_000;

/** One who watches a build. */
interface Watcher {
  seen(build: Build): void;
  failed(error: Error): void;
  since: number;
}

/** Builds of one account and region that a worker watches: one look for all of them, each interval. */
class WatchedPlace {
  private readonly watchers = new Map<string, Set<Watcher>>();
  private isLooking = false;
  private refusedSince: number | undefined;

  constructor(
    private readonly client: CodeBuildClient,
    private readonly interval: number,
  ) {}

  add(buildId: string, watcher: Watcher): () => void {
    const those = this.watchers.get(buildId) ?? new Set();
    this.watchers.set(buildId, those.add(watcher));
    if (!this.isLooking) void this.look();
    return () => {
      those.delete(watcher);
      if (those.size === 0 && this.watchers.get(buildId) === those) this.watchers.delete(buildId);
    };
  }

  private async look(): Promise<void> {
    this.isLooking = true;
    // Those who come at the same time share the first look.
    await delay(Math.min(this.interval, 100));
    while (this.watchers.size > 0) {
      const began = Date.now();
      const ids = [...this.watchers.keys()];
      for (let from = 0; from < ids.length; from += idsPerCall)
        await this.lookAt(ids.slice(from, from + idsPerCall));
      await delay(Math.max(0, this.interval - (Date.now() - began)));
    }
    // In the same breath as the last watcher was missed: one that comes later begins anew.
    this.isLooking = false;
  }

  private async lookAt(ids: string[]): Promise<void> {
    let builds: Build[];
    try {
      const answer = await this.client.send(new BatchGetBuildsCommand({ ids }));
      builds = answer.builds ?? [];
      this.refusedSince = undefined;
    } catch (error) {
      this.giveUpPerhaps(ids, fromAwsError(error, 'builds can’t be looked at'));
      return;
    }
    for (const build of builds) this.tell(build.id ?? '', (watcher) => watcher.seen(build));
    const found = new Set(builds.map(({ id }) => id));
    for (const id of ids.filter((each) => !found.has(each))) this.denied(id);
  }

  /** What may pass is waited out: the next look is one interval away. */
  private giveUpPerhaps(ids: readonly string[], error: NightshiftError): void {
    if (error.retryable) return;
    this.refusedSince ??= Date.now();
    if (error.code === 'AwsAccess' && Date.now() - this.refusedSince < refusedFor) return;
    for (const id of ids) this.tell(id, (watcher) => watcher.failed(error));
  }

  private denied(id: string): void {
    const error = new NightshiftError('NotFound', `there is no build ${id}`, {
      hint: 'check the id, the account and the region; CodeBuild forgets builds after a year',
    });
    this.tell(id, (watcher) => {
      if (Date.now() - watcher.since > unknownFor) watcher.failed(error);
    });
  }

  private tell(id: string, say: (watcher: Watcher) => void): void {
    for (const watcher of [...(this.watchers.get(id) ?? [])]) say(watcher);
  }
}

export interface WatchRequest<View> {
  buildId: string;
  /** Milliseconds between two looks. */
  interval: number;
  view: (build: Build) => View;
}

/**
 * All builds that a worker watches. However many there are in an account and region, a look at them takes one
 * call per hundred.
 */
export class BuildWatch {
  private readonly places = new WeakMap<CodeBuildClient, Map<number, WatchedPlace>>();

  /**
   * The build as it is seen, look after look. Whoever is busy with one look misses those in between: the
   * newest is what counts. Ends with the signal; throws when the build can't be watched any more.
   *
   * @param view what is wanted of a build. It is taken at once, as all that CodeBuild says of a thousand builds would
   * otherwise be held until each has had its turn.
   */
  async *watch<View extends object>(
    client: CodeBuildClient,
    { buildId, interval, view }: WatchRequest<View>,
    signal: AbortSignal,
  ): AsyncGenerator<View> {
    let newest: View | undefined;
    let failure: Error | undefined;
    let wake: () => void = () => undefined;
    const remove = this.place(client, interval).add(buildId, {
      since: Date.now(),
      seen: (build) => {
        newest = view(build);
        wake();
      },
      failed: (error) => {
        failure = error;
        wake();
      },
    });
    const abort = () => wake();
    signal.addEventListener('abort', abort);
    try {
      for (;;) {
        signal.throwIfAborted();
        if (failure) throw failure;
        if (newest) {
          const seen = newest;
          newest = undefined;
          yield seen;
        } else await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      signal.removeEventListener('abort', abort);
      remove();
    }
  }

  private place(client: CodeBuildClient, interval: number): WatchedPlace {
    const intervals = this.places.get(client) ?? new Map<number, WatchedPlace>();
    this.places.set(client, intervals);
    const place = intervals.get(interval) ?? new WatchedPlace(client, interval);
    intervals.set(interval, place);
    return place;
  }
}
