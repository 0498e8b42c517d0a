import { InvalidInputError } from '../errors.js';
import { type Accounts, accountsSchema } from './accounts.js';
import { type BuildkiteSettings } from './buildkite.js';
import { type BuildsSettings, buildsSchema } from './builds.js';
import type { Regions } from './regions.js';
import type { Config } from './schema.js';
import { defaultChannel } from '../images/names.js';
import type { Line } from './images.js';
import { nearest } from './nearest.js';

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

/**
 * A line of `images`, by its name and channel; the channel need not be said where the line has one.
 *
 * @throws InvalidInputError where there is none.
 */
export function lineOf({ images = [] }: Config, line: string, channel?: string): Line {
  const named = images.filter((each) => each.line === line);
  if (named.length === 0) throw unknownLine(images, line);
  const [only, ...others] = named;
  const wanted = channel ?? (others.length === 0 ? only?.channel : defaultChannel);
  const found = named.find((each) => each.channel === wanted);
  if (found) return found;
  const channels = named.map((each) => each.channel).join(', ');
  const problem = channel === undefined ? 'is missing' : `"${channel}" is not a channel of ${line}`;
  throw wrongLine('channel', `${problem}: must be one of ${channels}`);
}

function unknownLine(images: readonly Line[], line: string): InvalidInputError {
  const names = [...new Set(images.map((each) => each.line))];
  if (names.length === 0) return wrongLine('images', 'is missing: it must hold the lines');
  const meant = nearest(line, names);
  const suggestion = meant === undefined ? '' : ` (did you mean ${meant}?)`;
  return wrongLine(
    'line',
    `"${line}" is not a line of images${suggestion}; must be one of ${names.join(', ')}`,
  );
}

function wrongLine(path: string, message: string): InvalidInputError {
  return new InvalidInputError([{ source: 'nightshift.yaml', path, message }]);
}
