import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { custodianDryRun } from './custodian.js';
import { fleet, fleetAccounts, fleetRegions, seedFleet } from './fleet.js';
import { type MiniStack, startMiniStack } from './ministack.js';
import { policyFiles } from './policies.js';
import { idsByTarget } from './selection.js';
import { makeWorkspace, type Workspace } from './workspace.js';

const files = await policyFiles();
const policies = files.flatMap((file) => file.policies);

/** What Nightshift would do is compared with what the real Cloud Custodian would select. */
describe('a plan selects what Custodian selects in three accounts and two regions', () => {
  let emulator: MiniStack;
  let workspace: Workspace;
  /** Ids by policy, by target. */
  const expected = new Map<string, Record<string, string[]>>();

  beforeAll(async () => {
    emulator = await startMiniStack();
    await seedFleet(emulator.endpoint, fleet());
    const paths = files.map((file) => file.path);
    workspace = await makeWorkspace({
      endpoint: emulator.endpoint,
      accounts: {
        list: [...fleetAccounts],
        role: 'arn:aws:iam::{accountId}:role/nightshift-spoke',
      },
      regions: fleetRegions,
      policies: paths,
    });
    for (const account of fleetAccounts) {
      for (const region of fleetRegions) {
        const run = { endpoint: emulator.endpoint, account: account.id, region };
        const selected = await custodianDryRun({ ...run, files: paths, policies });
        for (const [policy, ids] of selected) {
          const byTarget = expected.get(policy) ?? {};
          expected.set(policy, { ...byTarget, [`${account.id}/${region}`]: ids });
        }
      }
    }
  });
  afterAll(async () => {
    await workspace?.remove();
    await emulator?.stop();
  });

  test.each(policies)('%s', async (policy) => {
    const plan = await workspace.plan('--policy', policy);
    expect(idsByTarget(plan.targets)).toEqual(expected.get(policy));
  });
});
