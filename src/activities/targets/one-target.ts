import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { AwsConnections } from '../../aws/connections.js';
import { fromAwsError } from '../../aws/errors.js';
import type { Access } from '../../domain/cleanup/spec.js';
import { type Config, accountsForBuilds } from '../../domain/config/index.js';
import { InvalidInputError, NightshiftError } from '../../domain/errors.js';
import type { Account, Target } from '../../domain/target.js';
import { resolveAccounts } from './accounts.js';

export interface OneTargetOptions {
  aws: AwsConnections;
  config: Config;
  /** Name or id; where absent, the one that is configured, or the one that the credentials are of. */
  account: string | undefined;
  /** Where absent, the one that is configured. */
  region: string | undefined;
  /** What asks, for errors. */
  source: string;
  signal: AbortSignal;
}

/**
 * The account and region of a build, and how to get in. Where the config says nothing of accounts, the account
 * of the credentials needs no role, and others are those of the organization.
 */
export async function oneTarget(
  options: OneTargetOptions,
): Promise<{ target: Target; access: Access }> {
  const region = options.region ?? onlyRegion(options);
  const { config, aws } = options;
  const own = config.accounts ? undefined : await callerAccount(options);
  const account = own && isNamed(own, options.account) ? own : await findAccount(options);
  const { role, externalId, sessionName } = accountsForBuilds(config);
  const access: Access =
    account.id === own?.id ? { sessionName } : { role, externalId, sessionName };
  const target = { account, region };
  await aws.verifyAccount(target, access, config.pace);
  return { target, access };
}

function isNamed(own: Account, wanted: string | undefined): boolean {
  return wanted === undefined || wanted === own.id;
}

async function callerAccount({ aws, config, signal }: OneTargetOptions): Promise<Account> {
  try {
    const { sts } = aws.hub(undefined, config.pace);
    const { Account: id = '' } = await sts.send(new GetCallerIdentityCommand({}), {
      abortSignal: signal,
    });
    return { id, name: id };
  } catch (error) {
    throw fromAwsError(error, 'there is no AWS identity');
  }
}

async function findAccount({
  aws,
  config,
  account,
  source,
  signal,
}: OneTargetOptions): Promise<Account> {
  const isId = account !== undefined && /^\d{12}$/.test(account);
  // Nobody has to be asked for what is an id already; its credentials are verified like any.
  if (isId && !config.accounts) return { id: account, name: account };
  const accounts = await configuredAccounts(aws, config, signal);
  const found = accounts.filter(
    ({ id, name }) => account === undefined || account === id || account === name,
  );
  const [one] = found;
  if (one && found.length === 1) return one;
  const names = accounts.map(({ name }) => name).join(', ');
  throw new InvalidInputError([
    {
      source,
      path: 'account',
      message:
        account === undefined
          ? `is missing: there are ${accounts.length} accounts; must be one of ${names}`
          : `"${account}" is not an account that is configured; must be one of ${names}`,
    },
  ]);
}

async function configuredAccounts(
  aws: AwsConnections,
  config: Config,
  signal: AbortSignal,
): Promise<Account[]> {
  try {
    return await resolveAccounts(aws, accountsForBuilds(config), config.pace, signal);
  } catch (error) {
    const failure = fromAwsError(error, 'the accounts can’t be looked up');
    if (config.accounts || failure.code === 'InvalidInput') throw failure;
    throw new NightshiftError(failure.code, failure.message, {
      hint: 'give the account by its id, or list it under `accounts` in nightshift.yaml',
      retryable: failure.retryable,
      cause: error,
    });
  }
}

function onlyRegion({ config, source }: OneTargetOptions): string {
  const { regions } = config;
  const [one, ...others] = Array.isArray(regions) ? regions : [];
  if (one !== undefined && others.length === 0) return one;
  const allowed = Array.isArray(regions) ? `; configured are ${regions.join(', ')}` : '';
  throw new InvalidInputError([
    {
      source,
      path: 'region',
      message: `is missing: must be a region such as ap-southeast-2${allowed}`,
    },
  ]);
}
