import { MirrorError } from '../error.js';
import { type Compression, compressionOf, magicLength } from './compression.js';
import { gunzip } from './gunzip.js';
import { unxz } from './unxz.js';
import { unzstd } from './unzstd.js';

type Bytes = AsyncIterable<Uint8Array>;

/**
 * Unpacks metadata, whatever its first bytes say that it is. Throws a {@link MirrorError}: `unsupported` for what
 * can't be unpacked, `inconsistent` for what is broken; and what `source` throws.
 */
export async function* opened(source: Bytes, url: string): AsyncGenerator<Uint8Array, void> {
  const { bytes, failure } = watched(source);
  const iterator = bytes[Symbol.asyncIterator]();
  try {
    const head = await headOf(iterator);
    yield* unpacked(joined(head, iterator), compressionOf(head), url);
  } catch (error) {
    // A decoder passes an error of its source on, but may have made another one of it.
    const earlier = failure();
    if (earlier !== undefined) throw earlier.error;
    if (error instanceof MirrorError) throw error;
    throw new MirrorError('inconsistent', url, `can't be unpacked: ${reasonOf(error)}`);
  } finally {
    await iterator.return?.();
  }
}

function unpacked(bytes: Bytes, compression: Compression, url: string): Bytes {
  switch (compression) {
    case 'gzip':
      return gunzip(bytes);
    case 'zstd':
      return unzstd(bytes);
    case 'xz':
      return unxz(bytes);
    case 'plain':
      return bytes;
    case 'bzip2':
    case 'zchunk':
      throw new MirrorError(
        'unsupported',
        url,
        `is packed with ${compression}, and must be packed with gzip, zstd or xz, or not at all`,
      );
  }
}

/** The same bytes, and what their source has thrown. */
function watched(source: Bytes): { bytes: Bytes; failure: () => { error: unknown } | undefined } {
  let failed: { error: unknown } | undefined;
  async function* bytes() {
    try {
      yield* source;
    } catch (error) {
      failed = { error };
      throw error;
    }
  }
  return { bytes: bytes(), failure: () => failed };
}

/** Enough of the first bytes to tell how they are packed; fewer where there are no more. */
async function headOf(iterator: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let head = new Uint8Array(0);
  while (head.length < magicLength) {
    const next = await iterator.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  return head;
}

async function* joined(
  head: Uint8Array,
  iterator: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void> {
  if (head.length > 0) yield head;
  for (let next = await iterator.next(); next.done !== true; next = await iterator.next())
    yield next.value;
}

/** xz-decompress throws strings, fzstd and zlib errors. */
function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
