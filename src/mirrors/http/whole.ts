import { MirrorError } from '../error.js';
import type { Found } from './client.js';

/** A small document as a whole. Throws a {@link MirrorError} where it is longer than `most` bytes. */
export async function wholeOf({ url, bytes }: Found, most: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of bytes) {
    length += chunk.length;
    if (length > most) throw new MirrorError('unsupported', url, `is longer than ${most} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
