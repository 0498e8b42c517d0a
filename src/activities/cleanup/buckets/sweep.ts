import { abortUploads } from './abort-uploads.js';
import { forEachBounded, oneAhead } from './bounded.js';
import type { BucketAccess } from './bucket-context.js';
import { deleteKeys } from './delete-keys.js';
import type { KeyFailure } from './failures.js';
import type { KeyPace } from './key-pace.js';
import type { EmptyLimits } from './limits.js';
import { uploadPages, versionPages } from './pages.js';

/** Failures that are kept whole; the rest are counted. */
export const keptFailures = 20;

/** What one look through a bucket found and did. */
export interface Sweep {
  /** Versions, delete markers and uploads that were there. */
  found: number;
  /** Versions and delete markers that are gone. */
  versions: number;
  uploads: number;
  failed: number;
  /** The first of those that failed. */
  failures: KeyFailure[];
}

/** Looks through a bucket once and deletes what it sees: pages are read while earlier ones are deleted. */
export async function sweep(
  access: BucketAccess,
  pace: KeyPace,
  limits: EmptyLimits,
  onProgress: (removed: { versions: number; uploads: number }) => void,
): Promise<Sweep> {
  const result: Sweep = { found: 0, versions: 0, uploads: 0, failed: 0, failures: [] };
  const note = (kind: 'versions' | 'uploads', tried: number, failures: KeyFailure[]) => {
    const removed = tried - failures.length;
    result.found += tried;
    result[kind] += removed;
    result.failed += failures.length;
    result.failures.push(...failures.slice(0, keptFailures - result.failures.length));
    onProgress({ versions: 0, uploads: 0, [kind]: removed });
  };
  for await (const uploads of uploadPages(access))
    note('uploads', uploads.length, await abortUploads(access, uploads, limits.concurrency));
  await forEachBounded(oneAhead(versionPages(access)), limits.concurrency, async (names) => {
    const { attempts } = limits;
    note('versions', names.length, await deleteKeys({ ...access, names, pace, attempts }));
  });
  return result;
}
