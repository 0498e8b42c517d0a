import { resolve } from 'node:path';
import type { InputIssue } from '../../domain/errors.js';

export interface Sinks {
  sinks: unknown[];
  issues: InputIssue[];
}

/** `--sink file:PATH`. Where the worker is in this process, the path is one of this folder. */
export function readSinks(given: readonly string[], source: string, local: boolean): Sinks {
  const read: Sinks = { sinks: [], issues: [] };
  for (const text of given) {
    const file = /^file:(.+)$/s.exec(text)?.[1];
    if (file !== undefined) read.sinks.push({ file: local ? resolve(file) : file });
    else {
      const message = `"${text}" is not allowed: must be file:PATH, a file on the worker’s machine`;
      read.issues.push({ source, path: '--sink', message });
    }
  }
  return read;
}
