import { type FileHandle, constants, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { LogChunk } from '../../../domain/buildkite/chunks.js';
import { NightshiftError } from '../../../domain/errors.js';
import type { LogSink } from './sink.js';

/** A file on the worker's machine. Every chunk is written at its place, so that it may be written again. */
export class FileSink implements LogSink {
  readonly chunkBytes = 1 << 20;
  readonly isNumbered = false;
  readonly chunksAtOnce = 1;
  private opened: Promise<FileHandle> | undefined;

  /**
   * @param path of the file; it is made with its folders when it is missing
   * @param before bytes of the log that are not this file's, but those of earlier builds
   */
  constructor(
    private readonly path: string,
    private readonly before = 0,
  ) {}

  async write({ offset, bytes }: LogChunk): Promise<'written'> {
    const place = offset - this.before;
    try {
      const file = await (this.opened ??= this.open());
      for (let done = 0; done < bytes.length;) {
        const { bytesWritten } = await file.write(bytes, done, bytes.length - done, place + done);
        done += bytesWritten;
      }
      return 'written';
    } catch (error) {
      throw unwritable(this.path, error);
    }
  }

  async close(): Promise<void> {
    const file = await this.opened?.catch(() => undefined);
    await file?.close();
  }

  private async open(): Promise<FileHandle> {
    await mkdir(dirname(this.path), { recursive: true });
    // Neither emptied nor appended to: what is there was written by an earlier attempt.
    return await open(this.path, constants.O_RDWR | constants.O_CREAT);
  }
}

/** What stays so: no such file can be written, however often it is tried. */
const forGood = new Set([
  'EACCES',
  'EEXIST',
  'ERR_INVALID_ARG_VALUE',
  'EISDIR',
  'ELOOP',
  'ENAMETOOLONG',
  'ENOTDIR',
  'EPERM',
  'EROFS',
]);

function unwritable(path: string, error: unknown): NightshiftError {
  const retryable = !forGood.has(codeOf(error) ?? '');
  const reason = error instanceof Error ? error.message : String(error);
  return new NightshiftError(
    retryable ? 'Internal' : 'InvalidInput',
    `the log can’t be written to ${path}: ${reason}`,
    { hint: 'the file is one of the worker’s machine', retryable, cause: error },
  );
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
