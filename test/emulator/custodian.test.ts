import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { custodianDryRun } from './custodian.js';
import { fleet, seedFleet } from './fleet.js';
import { type MiniStack, startMiniStack } from './ministack.js';
import { policyFiles } from './policies.js';

/** What these select is nothing, and that is what they are there for. */
const selectNothing = [
  'rds-older',
  'cfn-tag-number-is-not-a-string',
  'cfn-older-than-a-day',
  'cfn-resource-count-not-reached',
];

/** A comparison of empty selections would prove nothing. */
describe("Custodian's dry run of the fleet", () => {
  let emulator: MiniStack;
  beforeAll(async () => {
    emulator = await startMiniStack();
    await seedFleet(emulator.endpoint, fleet());
  });
  afterAll(async () => {
    await emulator?.stop();
  });

  test('selects something with each policy, and not the same with each', async () => {
    const files = await policyFiles();
    const policies = files.flatMap((file) => file.policies);
    const selected = await custodianDryRun({
      endpoint: emulator.endpoint,
      account: '222222222222',
      region: 'ap-southeast-2',
      files: files.map((file) => file.path),
      policies,
    });

    const empty = policies.filter((policy) => selected.get(policy)?.length === 0);
    expect(empty).toEqual(selectNothing);
    const distinct = new Set([...selected.values()].map((ids) => ids.join()));
    expect(distinct.size).toBeGreaterThan(25);
  });
});
