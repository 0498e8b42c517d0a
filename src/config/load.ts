import { dirname } from 'node:path';
import { nearest } from '../domain/config/index.js';
import { InvalidInputError } from '../domain/errors.js';
import type { InputIssue } from '../domain/errors.js';
import type { Config } from '../domain/config/index.js';
import { orderPolicies } from '../domain/policy/index.js';
import type { Policy } from '../domain/policy/index.js';
import { loadPolicies } from './policies.js';
import { readConfig } from './read.js';
import type { ConfigOptions, ReadConfig } from './read.js';

export interface LoadedConfig {
  /** Absolute path of the config. */
  path: string;
  config: Config;
  /** Every policy of every policy file, in the order they run in. */
  policies: Policy[];
}

/**
 * Reads and checks `nightshift.yaml` and the policies it names.
 * Throws InvalidInputError with every issue found, each with file, line, field, value and what is allowed.
 */
export async function loadConfig(options: ConfigOptions = {}): Promise<LoadedConfig> {
  const read = await readConfig(options);
  const policies = await loadPolicies({
    patterns: read.config.policies ?? [],
    folder: dirname(read.path),
    cwd: options.cwd ?? process.cwd(),
    locate: read.locate,
  });
  const unknown = unknownPolicies(read, policies);
  if (unknown.length > 0) throw new InvalidInputError(unknown);
  return { path: read.path, config: read.config, policies: orderPolicies(policies) };
}

function unknownPolicies(
  { config, locate }: ReadConfig,
  policies: readonly Policy[],
): InputIssue[] {
  const names = policies.map(({ name }) => name);
  return config.schedules.flatMap((schedule, scheduleIndex) =>
    (schedule.policies ?? []).flatMap((name, index) => {
      if (names.includes(name)) return [];
      const meant = nearest(name, names);
      const suggestion = meant === undefined ? '' : ` (did you mean ${meant}?)`;
      return {
        source: locate(['schedules', scheduleIndex, 'policies', index]).source,
        path: `schedules[${scheduleIndex}].policies[${index}]`,
        message: `"${name}" is not a policy${suggestion}; the policy files have ${names.join(', ')}`,
      };
    }),
  );
}
