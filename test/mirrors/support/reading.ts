import type { PackageVersion } from '../../../src/domain/images/package.js';
import { formatEvr } from '../../../src/domain/images/versions/index.js';
import {
  MirrorError,
  type MirrorReading,
  type MirrorSource,
  type ReadOptions,
  type Wanted,
  readMirror,
} from '../../../src/mirrors/index.js';

export const runner: Wanted = { names: ['gitlab-runner'], architectures: ['x86_64'] };

/** Reads a mirror as the product does, but waits hardly at all for one that syncs. */
export function read(
  source: MirrorSource,
  wanted: Wanted = runner,
  options: Partial<ReadOptions> = {},
): Promise<MirrorReading> {
  return readMirror(source, wanted, {
    signal: new AbortController().signal,
    ...options,
    limits: { attempts: 3, retryWaitMs: 1, ...options.limits },
  });
}

/** Each package on a line, as `name evr arch`, in order. */
export function linesOf(reading: MirrorReading): string[] {
  return packagesOf(reading)
    .map(({ name, evr, arch }) => `${name} ${formatEvr(evr)} ${arch}`)
    .sort();
}

export function packagesOf(reading: MirrorReading): PackageVersion[] {
  if (reading.kind === 'packages') return reading.packages;
  throw new Error('the mirror was read as unchanged');
}

/** What a reading fails with. */
export async function failureOf(reading: Promise<MirrorReading>): Promise<MirrorError> {
  const failure: unknown = await reading.then(
    (answered) => new Error(`was read: ${JSON.stringify(answered)}`),
    (error: unknown) => error,
  );
  if (failure instanceof MirrorError) return failure;
  throw failure;
}
