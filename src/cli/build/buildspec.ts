import { readFile, stat } from 'node:fs/promises';
import { InvalidInputError } from '../../domain/errors.js';

/** It travels in a workflow's input, which ends at 2 MB with all else that is in it. */
const largest = 1_000_000;

export interface ReadBuildspec {
  /** As CodeBuild gets it. */
  buildspec: string;
  /** What was made of the flag, for the person. */
  note?: string;
}

/**
 * `--buildspec`: the path of a local file, whose text is sent; else a path in the source, or an S3 ARN, or the
 * buildspec itself, for CodeBuild to tell apart.
 *
 * @throws InvalidInputError for a folder, or a file that can't be read or is too large.
 */
export async function readBuildspec(given: string, source: string): Promise<ReadBuildspec> {
  if (given.includes('\n') || given.startsWith('arn:')) return { buildspec: given };
  const refuse = (message: string, cause?: unknown) =>
    new InvalidInputError([{ source, path: '--buildspec', message: `"${given}" ${message}` }], {
      cause,
    });
  const file = await stat(given).catch(() => undefined);
  if (!file)
    return {
      buildspec: given,
      note: `buildspec ${given}: no such file here, so taken as a path in the source`,
    };
  if (!file.isFile()) throw refuse('is not a file: must be a buildspec, or its path in the source');
  if (file.size > largest)
    throw refuse(`has ${file.size} bytes: must be a buildspec of at most ${largest}`);
  const buildspec = await readFile(given, 'utf8').catch((error: unknown) => {
    throw refuse(`can’t be read: ${error instanceof Error ? error.message : String(error)}`, error);
  });
  if (buildspec.trim() === '') throw refuse('is empty: must be a buildspec');
  return { buildspec, note: `buildspec ${given}: sent inline, ${file.size} bytes` };
}
