import type { AwsConnections } from '../../aws/connections.js';
import pLimit from 'p-limit';
import { type CleanupInput, type Setup, cleanupInputSchema } from '../../domain/cleanup/input.js';
import type { RunSpec } from '../../domain/cleanup/spec.js';
import { cleanupSections, parseInput } from '../../domain/config/index.js';
import { InvalidInputError, NightshiftError } from '../../domain/errors.js';
import { globMatcher } from '../../domain/glob.js';
import { type Policy, matchesEverything, orderPolicies } from '../../domain/policy/index.js';
import type { Account, Target } from '../../domain/target.js';
import { resolveAccounts } from '../targets/accounts.js';
import { resolveRegions } from '../targets/regions.js';

const accountsAtOnce = 8;

export interface PrepareRunOptions {
  aws: AwsConnections;
  /** As it came: checked here. */
  input: unknown;
  /** The worker's own config, for a run that brings none. */
  ownSetup: () => Promise<Setup>;
  signal: AbortSignal;
}

/**
 * Makes of a run's input what the run holds to from then on.
 *
 * @throws InvalidInputError naming every field that is wrong.
 */
export async function prepareRun({
  aws,
  input,
  ownSetup,
  signal,
}: PrepareRunOptions): Promise<RunSpec> {
  const request = parseInput(cleanupInputSchema, input, 'cleanup');
  const { config, policies } = request.setup ?? (await ownSetup());
  const { accounts: configured, regions } = cleanupSections(config);
  const { role, externalId, sessionName } = configured;
  const settings = {
    access: { role, externalId, sessionName },
    pace: config.pace,
    rails: config.rails,
    cleanup: config.cleanup,
  };
  const chosenPolicies = choosePolicies(policies, request);
  const accounts = chooseAccounts(
    await resolveAccounts(aws, configured, config.pace, signal),
    request,
  );
  const found = await pLimit(accountsAtOnce).map(accounts, async (account) =>
    targetsOf(account, () =>
      resolveRegions(aws, account, regions, settings.access, config.pace, signal),
    ),
  );
  return {
    ...settings,
    mode: request.mode,
    requireApproval: request.requireApproval ?? config.rails.requireApproval,
    ...(request.planHash === undefined ? {} : { planHash: request.planHash }),
    policies: chosenPolicies,
    targets: chooseRegions(
      found.flatMap(({ targets }) => targets),
      request,
    ),
    unreachable: found.flatMap(({ unreachable }) => unreachable),
    notifications: config.notifications,
  };
}

/** One account that can't be entered fails alone. */
async function targetsOf(
  account: Account,
  regions: () => Promise<string[]>,
): Promise<Pick<RunSpec, 'targets' | 'unreachable'>> {
  try {
    return { targets: (await regions()).map((region) => ({ account, region })), unreachable: [] };
  } catch (error) {
    if (!(error instanceof NightshiftError)) throw error;
    const { code, message, hint } = error;
    const why = { code, message, ...(hint ? { hint } : {}) };
    return { targets: [], unreachable: [{ target: { account, region: '*' }, error: why }] };
  }
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
