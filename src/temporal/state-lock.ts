import { setTimeout as sleep } from 'node:timers/promises';
import { lock } from 'proper-lockfile';
import { NightshiftError } from '../domain/errors.js';

export interface LockOptions {
  /** What is waited for, as the end of "waiting for …". */
  of: string;
  /** Called once, when somebody else holds the lock. */
  onWait?: (() => void) | undefined;
  /** How long to wait for it, in milliseconds. */
  deadlineMs: number;
  signal?: AbortSignal | undefined;
}

/** A holder touches its lock every few seconds; one not touched for this long, in ms, is a dead one's. */
const staleMs = 10_000;

/**
 * Runs `work` while no other process runs under the same lock. `lockPath` is a folder that is made and
 * removed; what is above it must exist. The lock of a process that died is taken over.
 */
export async function withLock<T>(
  lockPath: string,
  options: LockOptions,
  work: () => Promise<T>,
): Promise<T> {
  const release = await acquire(lockPath, options);
  try {
    return await work();
  } finally {
    // Fails only when the lock was taken over, after this machine slept: it is another's then.
    await release().catch(() => undefined);
  }
}

async function acquire(lockPath: string, options: LockOptions): Promise<() => Promise<void>> {
  const until = Date.now() + options.deadlineMs;
  for (let waited = false; ; waited = true) {
    options.signal?.throwIfAborted();
    try {
      return await lock(lockPath, {
        lockfilePath: lockPath,
        realpath: false,
        stale: staleMs,
        // All that is done under a lock ends in an atomic rename, so a lock lost while this machine
        // slept costs work done twice, not a wrong result; the default would end the process.
        onCompromised: () => undefined,
      });
    } catch (cause) {
      if (!isLocked(cause)) throw cause;
      if (!waited) options.onWait?.();
      if (Date.now() > until) throw tooLong(lockPath, options);
      await sleep(250, undefined, options.signal ? { signal: options.signal } : {});
    }
  }
}

function isLocked(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ELOCKED';
}

function tooLong(lockPath: string, options: LockOptions): NightshiftError {
  const seconds = Math.round(options.deadlineMs / 1000);
  return new NightshiftError(
    'NoTemporalServer',
    `Waited ${seconds} s for ${options.of}, which another process is still at (${lockPath})`,
    { hint: 'See what that process is doing, then try again.', retryable: true },
  );
}
