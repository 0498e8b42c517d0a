import type { AwsConnections } from '../../aws/connections.js';
import type { CleanupInput, Setup } from '../../domain/cleanup/input.js';
import type { RunSpec } from '../../domain/cleanup/spec.js';
import { InvalidInputError, NightshiftError } from '../../domain/errors.js';
import { globMatcher } from '../../domain/glob.js';
import { type Policy, matchesEverything, orderPolicies } from '../../domain/policy/index.js';
import type { Account, Target } from '../../domain/target.js';
import { resolveAccounts } from '../targets/accounts.js';
import { resolveRegions } from '../targets/regions.js';

export interface PrepareRunOptions {
  aws: AwsConnections;
  input: CleanupInput;
  /** The worker's own config, for a run that brings none. */
  ownSetup: () => Promise<Setup>;
  signal: AbortSignal;
}

/** Makes of a run's input what the run holds to from then on. */
export async function prepareRun({
  aws,
  input,
  ownSetup,
  signal,
}: PrepareRunOptions): Promise<RunSpec> {
  const { config, policies: all } = input.setup ?? (await ownSetup());
  const policies = choosePolicies(all, input);
  const { role, externalId, sessionName } = config.accounts;
  const settings = {
    access: { role, externalId, sessionName },
    pace: config.pace,
    rails: config.rails,
    cleanup: config.cleanup,
  };
  const accounts = chooseAccounts(
    await resolveAccounts(aws, config.accounts, config.pace, signal),
    input,
  );
  const targets: Target[] = [];
  const unreachable: RunSpec['unreachable'] = [];
  for (const account of accounts) {
    try {
      const regions = await resolveRegions(
        aws,
        account,
        config.regions,
        settings.access,
        config.pace,
        signal,
      );
      targets.push(...regions.map((region) => ({ account, region })));
    } catch (error) {
      // One account that can't be entered fails alone.
      if (!(error instanceof NightshiftError)) throw error;
      const { code, message, hint } = error;
      unreachable.push({
        target: { account, region: '*' },
        error: { code, message, ...(hint ? { hint } : {}) },
      });
    }
  }
  return {
    ...settings,
    policies,
    targets: chooseRegions(targets, input),
    unreachable,
    notifications: config.notifications,
  };
}

/** The policies that were asked for, in the order in which they run, which is refused where it is none. */
function choosePolicies(
  all: readonly Policy[],
  { policies: names, allowMatchAll }: CleanupInput,
): Policy[] {
  const known = new Set(all.map(({ name }) => name));
  const unknown = (names ?? []).filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw refuse(
      'policies',
      `there is no policy ${unknown.join(', ')}; there are ${[...known].join(', ')}`,
    );
  }
  const chosen = orderPolicies(all).filter(({ name }) => !names || names.includes(name));
  const unlimited = allowMatchAll ? [] : chosen.filter((policy) => matchesEverything(policy));
  if (unlimited.length > 0) {
    throw refuse(
      'policies',
      `${unlimited.map(({ name }) => name).join(', ')} would match everything; give it filters, or allow it with --allow-match-all (allowMatchAll: true)`,
    );
  }
  return chosen;
}

function chooseAccounts(
  accounts: readonly Account[],
  { accounts: globs }: CleanupInput,
): Account[] {
  if (!globs) return [...accounts];
  const matches = globMatcher(globs);
  const chosen = accounts.filter(({ name, id }) => matches(name) || matches(id));
  if (chosen.length > 0) return chosen;
  throw refuse(
    'accounts',
    `no account matches ${globs.join(', ')}; there are ${accounts.map(({ name }) => name).join(', ')}`,
  );
}

function chooseRegions(targets: readonly Target[], { regions }: CleanupInput): Target[] {
  if (!regions) return [...targets];
  const unknown = regions.filter((region) => targets.every((target) => target.region !== region));
  if (unknown.length > 0 && targets.length > 0) {
    const there = [...new Set(targets.map(({ region }) => region))];
    throw refuse(
      'regions',
      `${unknown.join(', ')} is not among the configured regions ${there.join(', ')}`,
    );
  }
  return targets.filter(({ region }) => regions.includes(region));
}

function refuse(path: string, message: string): InvalidInputError {
  return new InvalidInputError([{ source: 'cleanup', path, message }]);
}
