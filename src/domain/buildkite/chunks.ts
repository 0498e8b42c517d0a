/** Where the next chunk of a job's log begins. */
export interface ChunkPosition {
  /** Number of the next chunk; the first is 1. */
  sequence: number;
  /** Bytes of log before it, uncompressed. */
  offset: number;
}

/** A piece of a job's log, as it is uploaded. */
export interface LogChunk extends ChunkPosition {
  /** Uncompressed; never empty. */
  bytes: Uint8Array;
  /** Whether it would be the same if more of the log had been there when it was cut. */
  isFull: boolean;
}

export const firstChunk: ChunkPosition = { sequence: 1, offset: 0 };

/**
 * Cuts what follows `from` in a log into chunks of at most `maxBytes`, and as near to it as whole characters of
 * UTF-8 allow. Where it cuts depends on `from` and on the bytes alone: who begins at the same place again makes the
 * same chunks, however much more of the log there is by then, but for one that is not full: it ends with what was
 * given, and to be made again it must be cut from the same bytes.
 */
export function chunksOf(
  bytes: Uint8Array,
  maxBytes: number,
  from: ChunkPosition = firstChunk,
): LogChunk[] {
  if (!Number.isSafeInteger(maxBytes) || maxBytes < 1) {
    throw new RangeError(`a chunk has at least one byte, and ${maxBytes} is no such limit`);
  }
  const chunks: LogChunk[] = [];
  for (let start = 0; start < bytes.length;) {
    const end = endOfChunk(bytes, start, maxBytes);
    chunks.push({
      sequence: from.sequence + chunks.length,
      offset: from.offset + start,
      bytes: bytes.subarray(start, end),
      isFull: start + maxBytes <= bytes.length,
    });
    start = end;
  }
  return chunks;
}

/** Where the chunk after this one begins. */
export function after(chunk: LogChunk): ChunkPosition {
  return { sequence: chunk.sequence + 1, offset: chunk.offset + chunk.bytes.length };
}

const longestCharacter = 4;

function endOfChunk(bytes: Uint8Array, start: number, maxBytes: number): number {
  const end = start + maxBytes;
  if (end > bytes.length) return bytes.length;
  const back = unfinished(bytes.subarray(start, end));
  // Where one character is more than a chunk may hold, it is cut.
  return back >= maxBytes ? end : end - back;
}

/** Bytes at the end that begin a character of UTF-8 whose rest is missing. */
function unfinished(bytes: Uint8Array): number {
  for (let back = 1; back < longestCharacter && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (isContinuation(byte)) continue;
    return lengthOf(byte) > back ? back : 0;
  }
  return 0;
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}

/** Bytes of the character that begins with this one; 1 for bytes that begin none. */
function lengthOf(lead: number): number {
  if (lead >= 0xf0 && lead <= 0xf7) return 4;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  return lead >= 0xc0 && lead < 0xe0 ? 2 : 1;
}
