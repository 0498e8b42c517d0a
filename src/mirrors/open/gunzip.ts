import { Readable, pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** Unpacked in the thread pool, while the main thread parses what came before. */
export async function* gunzip(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const unpacked = createGunzip({ chunkSize: 64 * 1024 });
  // An error of either ends up in `unpacked`, whose reading throws it.
  pipeline(Readable.from(source, { objectMode: false }), unpacked, () => undefined);
  for await (const chunk of unpacked as AsyncIterable<Uint8Array>) yield chunk;
}
