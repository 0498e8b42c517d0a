import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import pLimit from 'p-limit';
import { resolveAccounts } from '../../activities/targets/accounts.js';
import { resolveRegions } from '../../activities/targets/regions.js';
import { AwsConnections } from '../../aws/connections.js';
import { fromAwsError } from '../../aws/errors.js';
import {
  type Config,
  accountsForBuilds,
  cleanupSections,
  ordinaryPace,
} from '../../domain/config/index.js';
import type { Account } from '../../domain/target.js';
import { exitCodes } from '../exit.js';
import { buildsChecks } from './builds-checks.js';
import { type Check, failed } from './check.js';
import { imagesChecks } from './images-checks.js';

const accountsAtOnce = 8;
/** How long the look at an account may take, in milliseconds. */
const patience = 60_000;

/** Looks at what these credentials reach: who they are, the accounts of the config, their regions. */
export async function awsChecks(config: Config | undefined): Promise<Check[]> {
  const aws = new AwsConnections();
  try {
    const identity = await identityCheck(aws, config);
    if (!config || !identity.ok) return [identity];
    const signal = AbortSignal.timeout(patience);
    const builds = await buildsChecks(aws, config, signal);
    // Where nothing is cleaned up, no account is entered but for its builds and images.
    return [
      identity,
      ...(config.policies ? await targetChecks(aws, config, signal) : []),
      ...builds,
      ...(await imagesChecks(aws, config)),
    ];
  } finally {
    aws.destroy();
  }
}

/** The accounts of a cleanup, and what can be reached in them. */
async function targetChecks(
  aws: AwsConnections,
  config: Config,
  signal: AbortSignal,
): Promise<Check[]> {
  let accounts: Account[];
  try {
    accounts = await resolveAccounts(aws, accountsForBuilds(config), config.pace, signal);
  } catch (error) {
    return [failed('Accounts', fromAwsError(error, 'the accounts can’t be looked up'))];
  }
  const checks = await pLimit(accountsAtOnce).map(accounts, (account) =>
    accountCheck(aws, config, account),
  );
  const detail = accounts.map(({ name, id }) => `${name} (${id})`).join(', ');
  return [{ name: 'Accounts', ok: true, detail }, ...checks.flat()];
}

async function identityCheck(aws: AwsConnections, config: Config | undefined): Promise<Check> {
  const name = 'AWS identity';
  try {
    const { Arn, Account: id } = await aws
      .hub(undefined, config?.pace ?? ordinaryPace)
      .sts.send(new GetCallerIdentityCommand({}));
    return { name, ok: true, detail: Arn ?? id ?? 'unknown' };
  } catch (error) {
    return failed(name, fromAwsError(error, 'no AWS identity'));
  }
}

/** An account is entered once; then each of its regions is asked for one page of stacks. */
async function accountCheck(
  aws: AwsConnections,
  config: Config,
  account: Account,
): Promise<Check[]> {
  const { accounts, regions } = cleanupSections(config);
  const { pace } = config;
  const { role, externalId, sessionName } = accounts;
  const access = { role, externalId, sessionName };
  const name = `Account ${account.name}`;
  const signal = AbortSignal.timeout(patience);
  try {
    const names = await resolveRegions(aws, account, regions, access, pace, signal);
    const [first] = names;
    if (first === undefined)
      return [
        {
          name,
          ok: false,
          detail: `${account.id}: no region is left to work in`,
          mend: 'check `regions` in nightshift.yaml',
          exitCode: exitCodes.usage,
        },
      ];
    await aws.verifyAccount({ account, region: first }, access, pace);
    const reached: string[] = [];
    const broken: Check[] = [];
    for (const region of names) {
      try {
        await aws
          .cloudFormation({ account, region }, access, pace)
          .send(new DescribeStacksCommand({}), { abortSignal: signal });
        reached.push(region);
      } catch (error) {
        const doing = `the stacks of ${account.name} (${account.id}) in ${region} can’t be listed`;
        broken.push(failed(`Target ${account.name}/${region}`, fromAwsError(error, doing)));
      }
    }
    if (reached.length === 0) return broken;
    return [{ name, ok: true, detail: `${account.id}: ${reached.join(', ')}` }, ...broken];
  } catch (error) {
    return [failed(name, fromAwsError(error, `account ${account.id} can’t be entered`))];
  }
}
