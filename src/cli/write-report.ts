import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { InvalidInputError } from '../domain/errors.js';

/**
 * Writes a report; its absolute path.
 *
 * @throws InvalidInputError that blames the flag which named the file.
 */
export async function writeReport(
  file: string,
  html: string,
  flag: { source: string; path: string },
): Promise<string> {
  const path = resolve(file);
  try {
    await writeFile(path, html);
    return path;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new InvalidInputError([{ ...flag, message: `${path} can’t be written: ${message}` }], {
      cause,
    });
  }
}
