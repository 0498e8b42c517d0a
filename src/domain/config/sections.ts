import { InvalidInputError } from '../errors.js';
import { type Accounts, accountsSchema } from './accounts.js';
import { type BuildkiteSettings } from './buildkite.js';
import { type BuildsSettings, buildsSchema } from './builds.js';
import type { Regions } from './regions.js';
import type { Config } from './schema.js';

/**
 * The sections that a cleanup can't do without. A config of builds only may lack them.
 *
 * @throws InvalidInputError naming those that are missing.
 */
export function cleanupSections({ accounts, regions, policies }: Config): {
  accounts: Accounts;
  regions: Regions;
  policies: string[];
} {
  if (accounts && regions !== undefined && policies) return { accounts, regions, policies };
  const missing = Object.entries({ accounts, regions, policies }).filter(([, value]) => !value);
  throw new InvalidInputError(
    missing.map(([path]) => ({
      source: 'nightshift.yaml',
      path,
      message: 'is missing: a cleanup needs accounts, regions and policies',
    })),
  );
}

/** Who may be built for where nothing is said of accounts: the organization, by the role that deploy/iam makes. */
const accountsOfBuilds = {
  organizations: {},
  role: 'arn:aws:iam::{accountId}:role/nightshift-spoke',
};

export function accountsForBuilds({ accounts }: Config): Accounts {
  return accounts ?? accountsSchema.parse(accountsOfBuilds);
}

export function buildsOf({ builds }: Config): BuildsSettings {
  return builds ?? buildsSchema.parse({});
}

/** @throws InvalidInputError where nothing is said of Buildkite. */
export function buildkiteOf({ buildkite }: Config): BuildkiteSettings {
  if (buildkite) return buildkite;
  throw new InvalidInputError([
    {
      source: 'nightshift.yaml',
      path: 'buildkite',
      message: 'is missing: it must hold the agent token’s name and the queues',
    },
  ]);
}
