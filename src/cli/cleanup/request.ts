import type { Command } from 'commander';
import type { CleanupRequest } from '../../domain/cleanup/input.js';
import type { Rails } from '../../domain/cleanup/rails.js';
import { type Session, setupOf } from '../session.js';

/** Flags that say what a run or a plan is about. */
export interface ScopeFlags {
  config?: string;
  policy?: string[];
  account?: string[];
  region?: string[];
  allowMatchAll?: boolean;
  local?: boolean;
  json?: boolean;
}

export function addScopeFlags(command: Command): Command {
  return command
    .option('--config <file>', 'nightshift.yaml to read (default: the one in this folder)')
    .option('--policy <name>', 'only this policy (repeatable)', collect)
    .option('--account <glob>', 'only accounts whose name or id matches (repeatable)', collect)
    .option('--region <name>', 'only this region (repeatable)', collect)
    .option('--allow-match-all', 'let a policy run whose filters exclude nothing')
    .option('--local', 'use a server and a worker in this process')
    .option('--json', 'print the result as JSON, alone on stdout');
}

export function requestOf(flags: ScopeFlags, { loaded }: Session): Omit<CleanupRequest, 'mode'> {
  return {
    ...(flags.policy ? { policies: flags.policy } : {}),
    ...(flags.account ? { accounts: flags.account } : {}),
    ...(flags.region ? { regions: flags.region } : {}),
    ...(flags.allowMatchAll ? { allowMatchAll: true } : {}),
    ...(loaded ? { setup: setupOf(loaded) } : {}),
  };
}

/** The rails to show a plan against, where the command knows the config. */
export function railsOf({ loaded }: Session): { rails?: Rails } {
  return loaded ? { rails: loaded.config.rails } : {};
}

function collect(value: string, previous: string[] = []): string[] {
  return [...previous, value];
}
