import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { LogChunk } from '../../../domain/buildkite/chunks.js';
import type { LogSink } from './sink.js';

/** A file on the worker's machine. Every chunk is written at its place, so that it may be written again. */
export class FileSink implements LogSink {
  readonly chunkBytes = 1 << 20;
  readonly isNumbered = false;
  readonly chunksAtOnce = 1;
  private opened: Promise<FileHandle> | undefined;

  constructor(private readonly path: string) {}

  async write({ offset, bytes }: LogChunk): Promise<'written'> {
    const file = await (this.opened ??= this.open());
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await file.write(bytes, done, bytes.length - done, offset + done);
      done += bytesWritten;
    }
    return 'written';
  }

  async close(): Promise<void> {
    const file = await this.opened;
    await file?.close();
  }

  private async open(): Promise<FileHandle> {
    await mkdir(dirname(this.path), { recursive: true });
    try {
      return await open(this.path, 'r+');
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
      return await open(this.path, 'wx+');
    }
  }
}
