import {
  type Account as OrganizationAccount,
  type OrganizationsClient,
  paginateListAccounts,
  paginateListAccountsForParent,
  paginateListOrganizationalUnitsForParent,
} from '@aws-sdk/client-organizations';
import { type Parameter, type SSMClient, paginateGetParametersByPath } from '@aws-sdk/client-ssm';
import type { AwsConnections } from '../../aws/connections.js';
import { type Accounts, type Pace, accountSource } from '../../domain/config/index.js';
import { InvalidInputError } from '../../domain/errors.js';
import { selector } from './selection.js';
import type { Account } from '../../domain/target.js';
import { accountSchema } from '../../domain/target-schema.js';

/** The accounts that the config names, its globs and its list of allowed ids applied, in order of name. */
export async function resolveAccounts(
  aws: AwsConnections,
  accounts: Accounts,
  pace: Pace,
  signal: AbortSignal,
): Promise<Account[]> {
  const found = await readSource(aws, accounts, pace, signal);
  checkUnique(found);
  const included = selector(accounts);
  const chosen = found.filter(({ name, id }) => included(name, id));
  checkAllowed(chosen, accounts.allowedIds);
  return chosen.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}

function readSource(
  aws: AwsConnections,
  accounts: Accounts,
  pace: Pace,
  signal: AbortSignal,
): Promise<Account[]> {
  const source = accountSource(accounts);
  switch (source.kind) {
    case 'list':
      return Promise.resolve(source.accounts);
    case 'ssm':
      return fromSsm(aws.hub(source.region, pace).ssm, source.path, signal);
    case 'organizations':
      return fromOrganizations(
        aws.hub(undefined, pace).organizations,
        source.organizationalUnits,
        signal,
      );
  }
}

async function fromSsm(
  client: SSMClient,
  path: string,
  abortSignal: AbortSignal,
): Promise<Account[]> {
  const accounts: Account[] = [];
  for await (const page of paginateGetParametersByPath(
    { client },
    { Path: path },
    { abortSignal },
  )) {
    accounts.push(...(page.Parameters ?? []).map(accountOf));
  }
  if (accounts.length > 0) return accounts;
  throw invalid(
    'accounts.ssm.path',
    `there is no SSM parameter below ${path}; each account is one, its name the last part, its value the account id`,
  );
}

function accountOf({ Name = '', Value }: Parameter): Account {
  const account = accountSchema.safeParse({
    name: Name.slice(Name.lastIndexOf('/') + 1),
    id: Value?.trim(),
  });
  if (account.success) return account.data;
  throw invalid(
    'accounts.ssm',
    `the SSM parameter ${Name} must be an account id of 12 digits, was ${JSON.stringify(Value)}`,
  );
}

async function fromOrganizations(
  client: OrganizationsClient,
  units: readonly string[],
  abortSignal: AbortSignal,
): Promise<Account[]> {
  const found: OrganizationAccount[] = [];
  if (units.length === 0) {
    for await (const page of paginateListAccounts({ client }, {}, { abortSignal }))
      found.push(...(page.Accounts ?? []));
  }
  const parents = [...units];
  for (let ParentId = parents.shift(); ParentId !== undefined; ParentId = parents.shift()) {
    for await (const page of paginateListAccountsForParent(
      { client },
      { ParentId },
      { abortSignal },
    )) {
      found.push(...(page.Accounts ?? []));
    }
    for await (const page of paginateListOrganizationalUnitsForParent(
      { client },
      { ParentId },
      { abortSignal },
    )) {
      parents.push(...(page.OrganizationalUnits ?? []).flatMap(({ Id }) => Id ?? []));
    }
  }
  // State replaces Status, which AWS retires in 2026; either may be missing.
  const active = found.filter((account) => (account.State ?? account.Status) === 'ACTIVE');
  return active.map(({ Id, Name }) => accountSchema.parse({ id: Id, name: Name }));
}

/** A name or an id that stands twice would delete under a name that means another account. */
function checkUnique(accounts: readonly Account[]): void {
  for (const key of ['id', 'name'] as const) {
    const seen = new Set<string>();
    for (const account of accounts) {
      if (seen.has(account[key])) {
        throw invalid(
          'accounts',
          `two accounts have the ${key} ${account[key]}; each must be there once`,
        );
      }
      seen.add(account[key]);
    }
  }
}

function checkAllowed(
  accounts: readonly Account[],
  allowedIds: readonly string[] | undefined,
): void {
  if (!allowedIds) return;
  const strangers = accounts.filter(({ id }) => !allowedIds.includes(id));
  if (strangers.length === 0) return;
  throw new InvalidInputError(
    strangers.map(({ name, id }) => ({
      source,
      path: 'accounts.allowedIds',
      message: `account ${name} has the id ${id}, which is not listed; allowed are ${allowedIds.join(', ')}`,
    })),
  );
}

const source = 'nightshift.yaml';

function invalid(path: string, message: string): InvalidInputError {
  return new InvalidInputError([{ source, path, message }]);
}
