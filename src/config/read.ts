import { readFile } from 'node:fs/promises';
import { configSchema, parseInput } from '../domain/config/index.js';
import type { Config, Locate } from '../domain/config/index.js';
import { InvalidInputError } from '../domain/errors.js';
import { displayPath, findConfigFile } from './config-file.js';
import { readYaml } from './yaml-source.js';

export interface ConfigOptions {
  /** As `--config` gives it; else `NIGHTSHIFT_CONFIG`, else `nightshift.yaml` in `cwd`. */
  path?: string | undefined;
  cwd?: string;
  env?: NodeJS.ProcessEnv;
}

export interface ReadConfig {
  /** Absolute path of the config. */
  path: string;
  config: Config;
  /** Finds the line of a field, for what can be checked only later. */
  locate: Locate;
}

/**
 * Reads and checks `nightshift.yaml` and nothing else: enough to find the server, say.
 * Throws InvalidInputError with every issue found, each with file, line, field, value and what is allowed.
 */
export async function readConfig(options: ConfigOptions = {}): Promise<ReadConfig> {
  const { cwd = process.cwd(), env = process.env } = options;
  const path = await findConfigFile({ path: options.path, cwd, env });
  const file = displayPath(path, cwd);
  const { value, locate } = readYaml(await readFile(path, 'utf8'), file);
  if (value === null || value === undefined) throw emptyConfig(file);
  return { path, config: parseInput(configSchema, value, locate), locate };
}

function emptyConfig(file: string): InvalidInputError {
  const message = 'is empty; it must hold at least accounts, regions and policies';
  return new InvalidInputError([{ source: file, path: '', message }], {
    hint: 'cp nightshift.example.yaml nightshift.yaml and edit it',
  });
}
