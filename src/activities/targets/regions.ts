import type { AwsConnections } from '../../aws/connections.js';
import { fromAwsError } from '../../aws/errors.js';
import type { Access } from '../../domain/cleanup/spec.js';
import { type Pace, type Regions, regionSelection } from '../../domain/config/index.js';
import { selector } from './selection.js';
import type { Account } from '../../domain/target.js';

/** Any region can list the regions of an account; this one is always enabled. */
const askedIn = 'us-east-1';

/** The regions to work in, in one account. Throws when the account can't be asked. */
export async function resolveRegions(
  aws: AwsConnections,
  account: Account,
  regions: Regions,
  access: Access,
  pace: Pace,
  abortSignal: AbortSignal,
): Promise<string[]> {
  const selection = regionSelection(regions);
  if (selection.kind === 'list') return selection.names;
  try {
    const client = await aws.ec2({ account, region: askedIn }, access, pace);
    const { DescribeRegionsCommand } = await import('@aws-sdk/client-ec2');
    // Without AllRegions: those that the account has enabled.
    const { Regions: enabled } = await client.send(new DescribeRegionsCommand({}), { abortSignal });
    const included = selector(selection);
    return (enabled ?? [])
      .flatMap(({ RegionName }) => RegionName ?? [])
      .filter((name) => included(name))
      .sort();
  } catch (error) {
    throw fromAwsError(
      error,
      `the regions of account ${account.name} (${account.id}) can't be listed`,
    );
  }
}
