import { stat } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import { InvalidInputError } from '../domain/errors.js';

export const configFileName = 'nightshift.yaml';

export interface ConfigFileQuery {
  /** As `--config` gives it; wins over `NIGHTSHIFT_CONFIG`. */
  path?: string | undefined;
  cwd: string;
  env: NodeJS.ProcessEnv;
}

/**
 * The path of the config: the one asked for, else `NIGHTSHIFT_CONFIG`, else `nightshift.yaml` in the
 * working directory; folders above are not searched, for a config decides what is deleted.
 * Throws InvalidInputError where there is none.
 */
export async function findConfigFile({ path, cwd, env }: ConfigFileQuery): Promise<string> {
  const fromEnv = env['NIGHTSHIFT_CONFIG'];
  const asked =
    path !== undefined
      ? { name: path, by: '--config' }
      : fromEnv
        ? { name: fromEnv, by: 'NIGHTSHIFT_CONFIG' }
        : { name: configFileName, by: '' };
  const found = resolve(cwd, asked.name);
  const kind = await kindOf(found);
  if (kind === 'file') return found;
  const problem =
    kind === 'folder'
      ? `is a folder; name the file in it, such as ${asked.name.replace(/\/+$/, '')}/${configFileName}`
      : asked.by === ''
        ? `there is no ${configFileName} in ${cwd}`
        : 'there is no such file';
  throw new InvalidInputError(
    [
      {
        source: asked.by === '' ? asked.name : `${asked.by} ${asked.name}`,
        path: '',
        message: problem,
      },
    ],
    { hint: await whatToDo(asked.by, cwd) },
  );
}

async function whatToDo(askedBy: string, cwd: string): Promise<string> {
  if (askedBy !== '') return `check the path given by ${askedBy}; it is read from ${cwd}`;
  if ((await kindOf(resolve(cwd, 'nightshift.yml'))) === 'file') {
    return `mv nightshift.yml ${configFileName}`;
  }
  return `cp nightshift.example.yaml ${configFileName} and edit it, or name another file with --config or NIGHTSHIFT_CONFIG`;
}

async function kindOf(path: string): Promise<'file' | 'folder' | 'missing'> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch {
    return 'missing';
  }
}

/** A path as the user would write it: relative to the working directory where it lies below it. */
export function displayPath(path: string, cwd: string): string {
  const below = relative(cwd, path);
  return below.startsWith(`..${sep}`) ? path : below;
}
