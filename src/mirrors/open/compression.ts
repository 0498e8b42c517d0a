/** How metadata is packed. */
export type Compression = 'gzip' | 'zstd' | 'xz' | 'bzip2' | 'zchunk' | 'plain';

/** What the first bytes of each begin with. */
const magics: readonly (readonly [Compression, readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['zchunk', [0x00, 0x5a, 0x43, 0x4b, 0x31]],
];

/** As many bytes as {@link compressionOf} looks at. */
export const magicLength = 6;

/** How bytes are packed, by what they begin with: names of files lie. */
export function compressionOf(head: Uint8Array): Compression {
  const found = magics.find(([, magic]) => magic.every((byte, index) => head[index] === byte));
  if (found !== undefined) return found[0];
  // A frame of zstd that is to be skipped has any of sixteen first bytes.
  const isSkipped = head[0] !== undefined && head[0] >> 4 === 5;
  return isSkipped && head[1] === 0x2a && head[2] === 0x4d && head[3] === 0x18 ? 'zstd' : 'plain';
}
