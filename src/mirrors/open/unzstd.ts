import { Decompress } from 'fzstd';

/** What is given to the decoder at once: it answers synchronously, with all that this unpacks to. */
const slice = 16 * 1024;
/** What a slice may unpack to. Blocks are of 128 KiB at most, but one that repeats a byte takes four bytes. */
const mostPerSlice = 64 * 1024 ** 2;

/** Unpacks zstd, which Node's own zlib can't before version 22. */
export async function* unzstd(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  let unpacked: Uint8Array[] = [];
  let length = 0;
  const decoder = new Decompress((chunk) => {
    length += chunk.length;
    if (length > mostPerSlice) throw new Error('unpacks to a thousand times its length');
    unpacked.push(chunk);
  });
  const taken = () => {
    const chunks = unpacked;
    unpacked = [];
    length = 0;
    return chunks;
  };
  for await (const chunk of source) {
    for (let start = 0; start < chunk.length; start += slice) {
      decoder.push(chunk.subarray(start, start + slice));
      yield* taken();
    }
  }
  decoder.push(new Uint8Array(0), true);
  yield* taken();
}
