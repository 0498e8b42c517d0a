import { ReadableStream } from 'node:stream/web';
import { XzReadableStream } from 'xz-decompress';

/** Unpacks xz, by WebAssembly. */
export async function* unxz(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  for await (const chunk of new XzReadableStream(ReadableStream.from(source))) yield chunk;
}
