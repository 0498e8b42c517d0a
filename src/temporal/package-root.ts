import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of Nightshift's own package.json, be it run from its sources or from `dist/`. */
export function packageRoot(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'tools', 'temporal-cli', 'go.mod'))) return folder;
    if (folder === dirname(folder)) {
      throw new Error('tools/temporal-cli is missing from the installed package');
    }
  }
}

/** Folder of the Go module that pins the Temporal CLI, and of what fetches it otherwise. */
export function temporalCliFolder(): string {
  return join(packageRoot(), 'tools', 'temporal-cli');
}
