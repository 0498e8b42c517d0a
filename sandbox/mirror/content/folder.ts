import { statSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { resolve, sep } from 'node:path';

export interface FolderFile {
  body: Buffer;
  /** ms since the epoch, of real time. */
  modifiedAt: number;
}

/** A folder that is served as it is. */
export class Folder {
  private readonly root: string;

  /** @throws RangeError where there is no such folder */
  constructor(mirror: string, path: string) {
    this.root = resolve(path);
    if (!statSync(this.root, { throwIfNoEntry: false })?.isDirectory())
      throw new RangeError(`mirror ${mirror}: there is no folder ${this.root}`);
  }

  /** A file below it; undefined where there is none. */
  async file(path: string): Promise<FolderFile | undefined> {
    const file = resolve(this.root, path);
    if (path.includes('\0') || !file.startsWith(this.root + sep)) return undefined;
    try {
      const found = await stat(file);
      if (!found.isFile()) return undefined;
      return { body: await readFile(file), modifiedAt: found.mtimeMs };
    } catch (error) {
      if (isGone(error)) return undefined;
      throw error;
    }
  }
}

function isGone(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG';
}
