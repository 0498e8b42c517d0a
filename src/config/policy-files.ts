import { readdir, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import picomatch from 'picomatch';

/** Folders that hold no policies of the team's own and may be very large. */
const skipped = new Set(['node_modules', '.git']);

/**
 * The files that a path or glob names, relative to a folder; sorted, absolute. Empty when there is
 * none. Throws what the file system throws, save for a folder that is not there.
 */
export async function findFiles(pattern: string, folder: string): Promise<string[]> {
  const { base, glob, isGlob } = picomatch.scan(pattern);
  if (!isGlob) {
    const path = resolve(folder, pattern);
    return (await isFile(path)) ? [path] : [];
  }
  const root = resolve(folder, base);
  const matches = picomatch(glob);
  // A glob without ** reaches as deep as it has slashes.
  const depth = glob.includes('**') ? Number.POSITIVE_INFINITY : glob.split('/').length;
  const found: string[] = [];
  for await (const path of filesBelow(root, depth)) {
    if (matches(relative(root, path).split(sep).join('/'))) found.push(path);
  }
  return found.sort();
}

async function* filesBelow(folder: string, depth: number): AsyncGenerator<string> {
  for (const entry of await entriesOf(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (depth > 1 && !skipped.has(entry.name)) yield* filesBelow(path, depth - 1);
    } else if (entry.isFile() || (entry.isSymbolicLink() && (await isFile(path)))) {
      yield path;
    }
  }
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'ENOENT' || error.code === 'ENOTDIR')
  );
}
