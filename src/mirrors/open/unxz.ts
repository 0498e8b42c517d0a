import { ReadableStream } from 'node:stream/web';
// CommonJS, whose names Node can't see from an ES module.
import xz from 'xz-decompress';

/** Unpacks xz, by WebAssembly. */
export async function* unxz(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  for await (const chunk of new xz.XzReadableStream(ReadableStream.from(source))) yield chunk;
}
