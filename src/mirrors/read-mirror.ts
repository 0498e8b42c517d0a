import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { MirrorState } from '../domain/images/mirror-state.js';
import { Collector } from './collector.js';
import { readDeb } from './deb/read.js';
import { MirrorError } from './error.js';
import { readHtml } from './html/read.js';
import { MirrorClient } from './http/client.js';
import { defaultLimits } from './limits.js';
import { readRpm } from './rpm/read.js';
import type { MirrorReading, MirrorSource, ReadOptions, Wanted } from './source.js';
import type { Visit } from './visit.js';

/**
 * Reads which versions of some packages a mirror has. Answers with all of them or throws a {@link MirrorError}: a
 * mirror that is caught in the middle of a sync is read again a few times, and is never taken for one that has lost
 * packages. Throws the reason of `signal` once it is aborted.
 */
export async function readMirror(
  source: MirrorSource,
  wanted: Wanted,
  { before, signal, login, userAgent = 'nightshift', limits: given }: ReadOptions,
): Promise<MirrorReading> {
  const limits = { ...defaultLimits, ...given };
  const asked = fingerprintOf(source, wanted);
  const known = before?.asked === asked ? before : undefined;
  const client = new MirrorClient({ source: source.url, login, userAgent, limits, signal });
  const state: Visit['state'] = (checksum, validators) => ({ asked, checksum, ...validators });
  try {
    for (let attempt = 1; ; attempt++) {
      const collector = new Collector(wanted, limits, source.url);
      try {
        const visit = { client, before: known, collector, fresh: attempt > 1, state };
        return await read(source, wanted, visit);
      } catch (error) {
        signal.throwIfAborted();
        if (attempt >= limits.attempts || !isOfSync(error)) throw error;
        await wait(limits.retryWaitMs * 2 ** (attempt - 1), signal);
      }
    }
  } finally {
    client.close();
  }
}

function read(source: MirrorSource, wanted: Wanted, visit: Visit): Promise<MirrorReading> {
  switch (source.kind) {
    case 'rpm':
      return readRpm(source, visit);
    case 'html':
      return readHtml(source, wanted, visit);
    case 'deb':
      return readDeb(source, wanted.architectures, visit);
  }
}

/** While a mirror syncs, a signature can be of the document before or after, too. */
function isOfSync(error: unknown): boolean {
  return (
    error instanceof MirrorError && (error.code === 'inconsistent' || error.code === 'untrusted')
  );
}

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}

function fingerprintOf(
  source: MirrorSource,
  { names, architectures }: Wanted,
): MirrorState['asked'] {
  const asked = [source, [...names].sort(), [...architectures].sort()];
  return createHash('sha256').update(JSON.stringify(asked)).digest('base64url').slice(0, 22);
}
