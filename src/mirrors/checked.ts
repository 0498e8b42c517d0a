import { createHash } from 'node:crypto';
import { MirrorError } from './error.js';

/** A checksum as metadata states it. */
export interface Checksum {
  algorithm: 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512';
  /** Hexadecimal, in lower case. */
  hex: string;
}

/** What bytes must be; what isn't stated isn't checked. */
export interface Expected {
  size?: number | undefined;
  checksum?: Checksum | undefined;
  /** The most that is taken, whatever is stated. */
  most: number;
}

/**
 * Passes bytes on, and throws a {@link MirrorError} at their end unless they are what was expected; nothing that was
 * made of them may be used before.
 */
export async function* checked(
  source: AsyncIterable<Uint8Array>,
  url: string,
  { size, checksum, most }: Expected,
): AsyncGenerator<Uint8Array, void> {
  const hash = checksum === undefined ? undefined : createHash(checksum.algorithm);
  let length = 0;
  for await (const chunk of source) {
    length += chunk.length;
    if (length > most) throw new MirrorError('unsupported', url, `is longer than ${most} bytes`);
    if (size !== undefined && length > size)
      throw new MirrorError('inconsistent', url, `is longer than the ${size} bytes it should have`);
    hash?.update(chunk);
    yield chunk;
  }
  if (size !== undefined && length !== size)
    throw new MirrorError('inconsistent', url, `has ${length} bytes and should have ${size}`);
  const hex = hash?.digest('hex');
  if (checksum !== undefined && hex !== checksum.hex)
    throw new MirrorError(
      'inconsistent',
      url,
      `has the ${checksum.algorithm} ${hex}, and ${checksum.hex} was expected`,
    );
}
