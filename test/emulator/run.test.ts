import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunResult } from '../../src/domain/cleanup/result.js';
import { targetKey } from '../../src/domain/target.js';
import { emulatedTarget, hubAccount } from './aws.js';
import { custodianDryRun } from './custodian.js';
import { deletesOf, type StackDelete } from './deletes.js';
import { fleet, fleetRegions, seedFleet, type TargetSeed } from './fleet.js';
import { type Living, livingIn } from './living.js';
import { type MiniStack, startMiniStack } from './ministack.js';
import { policyFile } from './policies.js';
import { type Proxy, startProxy } from './proxy.js';
import { seedStack } from './seed-stack.js';
import { idsByTarget, itemNamed } from './selection.js';
import { makeWorkspace, type Workspace } from './workspace.js';

/** What the fleet keeps although the policy selects it, why, and for whose sake. */
const staying: Record<string, { outcome: 'blocked' | 'skipped'; because?: string }> = {
  'shared-base': { outcome: 'blocked', because: 'payroll' },
  gateway: { outcome: 'blocked', because: 'billing' },
  platform: { outcome: 'blocked', because: 'gateway' },
  'vault-base': { outcome: 'blocked', because: 'vault' },
  vault: { outcome: 'skipped' },
  'StackSet-guardrails-4f1c': { outcome: 'skipped' },
};

/** Not in the config, but with stacks that the policies would select. */
const elsewhere = [
  { account: '444444444444', region: 'us-east-1' },
  { account: '111111111111', region: 'eu-west-1' },
  { account: hubAccount, region: 'us-east-1' },
];

const parameters = '/nightshift/accounts';

describe('a run over three accounts and two regions', () => {
  let emulator: MiniStack;
  let proxy: Proxy;
  let workspace: Workspace;
  let exitCode: number;
  let result: RunResult;
  const seeds = fleet();
  const selected: Record<string, string[]> = {};
  const before = new Map<string, Living>();

  beforeAll(async () => {
    emulator = await startMiniStack();
    proxy = await startProxy(emulator.endpoint);
    await seed(emulator.endpoint, seeds);
    const file = await policyFile('cleanup');
    for (const { account, region } of seeds) {
      const key = targetKey({ account, region });
      before.set(key, await livingIn(emulator.endpoint, account.id, region));
      const run = { endpoint: emulator.endpoint, account: account.id, region };
      const files = { files: [file.path], policies: file.policies };
      const byPolicy = await custodianDryRun({ ...run, ...files });
      selected[key] = [...byPolicy.values()].flat().sort();
    }
    workspace = await makeWorkspace({
      endpoint: proxy.endpoint,
      accounts: {
        ssm: { path: parameters },
        role: 'arn:aws:iam::{accountId}:role/nightshift-spoke',
      },
      regions: fleetRegions,
      policies: [file.path],
    });
    ({ exitCode, result } = await workspace.run());
  });
  afterAll(async () => {
    await workspace?.remove();
    await proxy?.stop();
    await emulator?.stop();
  });

  test('ends with success, as what stays was never to go', () => {
    expect({ exitCode, status: result.status }).toEqual({ exitCode: 0, status: 'completed' });
    expect(result.totals).toMatchObject({ failed: 0, orphaned: 0 });
  });

  test("reports all that Custodian's dry run selects, and nothing else", () => {
    expect(idsByTarget(result.targets)).toEqual(selected);
  });

  test('deletes what is selected, save what is protected or in use', async () => {
    for (const target of result.targets) {
      const { items } = target;
      for (const item of items) {
        const expected = staying[item.name]?.outcome ?? 'deleted';
        expect([targetKey(target), item.name, item.outcome]).toEqual([
          targetKey(target),
          item.name,
          expected,
        ]);
      }
      const gone = new Set(items.filter((i) => i.outcome === 'deleted').map((i) => i.name));
      const keep = (names: string[] = []) => names.filter((name) => !gone.has(name));
      const was = before.get(targetKey(target));
      // The bucket of a stack goes with it.
      const bucketsWithStacks = seeds.flatMap(({ stacks }) => stacks.map(({ bucket }) => bucket));
      const buckets = keep(was?.buckets).filter((name) => !bucketsWithStacks.includes(name));
      const now = await livingIn(emulator.endpoint, target.account.id, target.region);
      expect(now).toEqual({ stacks: keep(was?.stacks), buckets, snapshots: keep(was?.snapshots) });
    }
  });

  test('names whatever blocks a stack', () => {
    for (const target of result.targets) {
      for (const [name, { outcome, because }] of Object.entries(staying)) {
        const item = itemNamed(target, name);
        expect(item.reason, name).toBeTruthy();
        if (outcome !== 'blocked') continue;
        expect(item.blockedBy?.map((importer) => importer.name)).toEqual([because]);
      }
    }
  });

  test('deletes each stack once, by its StackId, after all that import from it', () => {
    for (const { account, region, stacks } of seeds) {
      const deletes = deletesOf(proxy.calls, account.id, region);
      const target = result.targets.find((t) => t.account.id === account.id && t.region === region);
      const deleted = target?.items.filter((i) => i.kind === 'stack' && i.outcome === 'deleted');
      expect(deletes.map((call) => call.stackId).sort()).toEqual(deleted?.map((i) => i.id).sort());

      expectImportersFirst(deletes, stacks);
    }
  });

  test('calls the delete of nothing that stays', () => {
    const refused = proxy.calls.filter(
      (call) => call.action === 'DeleteStack' && call.status >= 400,
    );
    expect(refused).toEqual([]);
  });

  test('leaves accounts and regions alone that the config does not have', async () => {
    for (const { account, region } of elsewhere) {
      const { stacks } = await livingIn(emulator.endpoint, account, region);
      expect(stacks).toEqual(['elsewhere']);
    }
  });

  test('leaves nothing for another night but what stays', async () => {
    const plan = await workspace.plan();
    const names = plan.targets.map((target) => target.items.map((item) => item.name).sort());
    expect(names).toEqual(plan.targets.map(() => Object.keys(staying).sort()));
    expect(plan.totals.delete).toBe(0);
  });
});

async function seed(endpoint: string, seeds: readonly TargetSeed[]): Promise<void> {
  await seedFleet(endpoint, seeds);
  for (const { account, region } of elsewhere) {
    const target = emulatedTarget(endpoint, account, region);
    await seedStack(target, { name: 'elsewhere', tags: { ephemeral: 'true' } });
  }
  const hub = emulatedTarget(endpoint, hubAccount, 'us-east-1');
  for (const account of new Map(seeds.map((s) => [s.account.id, s.account])).values()) {
    const parameter = { Name: `${parameters}/${account.name}`, Value: account.id };
    await hub.ssm.send(new PutParameterCommand({ ...parameter, Type: 'String' }));
  }
}

function expectImportersFirst(deletes: readonly StackDelete[], stacks: TargetSeed['stacks']): void {
  const order = deletes.map((call) => call.stackName);
  for (const exporter of stacks) {
    const at = order.indexOf(exporter.name);
    if (at < 0) continue;
    const importers = stacks.filter((stack) =>
      stack.imports?.some((name) => exporter.exports?.includes(name)),
    );
    for (const importer of importers) {
      const importerAt = order.indexOf(importer.name);
      expect(importerAt, `${importer.name} before ${exporter.name}`).toBeGreaterThanOrEqual(0);
      expect(importerAt, `${importer.name} before ${exporter.name}`).toBeLessThan(at);
    }
  }
}
