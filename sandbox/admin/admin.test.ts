import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SandboxAdmin } from '../admin-client.js';
import type { Sandbox } from '../index.js';
import { cloudFormationClient } from '../testing/clients.js';
import { account, oneTarget, region } from '../testing/fleets.js';
import { deleteStack, idOf, statusOf } from '../testing/stack-calls.js';

let sandbox: Sandbox;
let admin: SandboxAdmin;
let cfn: CloudFormationClient;
beforeEach(async () => {
  sandbox = await oneTarget([{ name: 'app', tags: { ephemeral: 'true' } }, { name: 'other' }], {
    buckets: [{ account, region, name: 'pail', objects: 2 }],
    snapshots: [{ account, region, id: 'snap' }],
    seed: 99,
  });
  admin = new SandboxAdmin(sandbox.url);
  cfn = cloudFormationClient(sandbox.url, account, region);
});
afterEach(() => sandbox.close());

test('the state says how fast time runs, with which seed, for which accounts', async () => {
  expect(await admin.state()).toMatchObject({
    seed: 99,
    away: false,
    accounts: [{ id: account, name: 'dev-1', regions: [region] }, { id: '000000000000' }],
  });
});

describe('the ledger', () => {
  test('is read with filters, and summed up', async () => {
    const id = await idOf(cfn, 'app');
    await deleteStack(cfn, id);
    await deleteStack(cfn, id);
    expect(await admin.ledger({ action: 'DeleteStack', effective: true })).toMatchObject([
      { accountId: account, region, subject: id, outcome: 'ok' },
    ]);
    expect(await admin.ledger({ account: '222222222222' })).toEqual([]);
    expect(await admin.ledgerSummary()).toMatchObject({
      actions: { 'cloudformation:DeleteStack': { ok: 2 } },
      effectiveDeletes: { DeleteStack: { [id]: 1 } },
    });
    await admin.clearLedger();
    expect((await admin.ledgerSummary()).calls).toBe(0);
  });

  test('refuses a filter that it does not have', async () => {
    const response = await fetch(`${sandbox.url}/_sandbox/ledger?colour=red`);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('colour');
  });
});

describe('faults', () => {
  test('are set, added to and cleared while it runs', async () => {
    await admin.setFaults([{ kind: 'throttle', share: 1, actions: ['DeleteStack'] }]);
    await expect(deleteStack(cfn, 'app')).rejects.toMatchObject({ name: 'Throttling' });
    await admin.addFault({ kind: 'denyActions', actions: ['DescribeStacks'] });
    await expect(idOf(cfn, 'app')).rejects.toMatchObject({ name: 'AccessDenied' });
    await admin.clearFaults();
    await expect(deleteStack(cfn, 'app')).resolves.toBeDefined();
  });

  test('that make no sense are refused by name', async () => {
    await expect(admin.addFault({ kind: 'throttle', share: 2 })).rejects.toThrow(/share/);
  });

  test('do not strike the admin API, away or not', async () => {
    await admin.goAway();
    await expect(idOf(cfn, 'app')).rejects.toThrow();
    expect((await admin.state()).away).toBe(true);
    await admin.comeBack();
    await expect(idOf(cfn, 'app')).resolves.toBeDefined();
  });
});

describe('stacks', () => {
  test('are shown as they truly are, whatever clients see', async () => {
    await admin.setFaults([{ kind: 'staleRead', share: 1, seconds: 3600 }]);
    await deleteStack(cfn, 'app');
    expect(await statusOf(cfn, 'app')).toBe('CREATE_COMPLETE');
    expect(await admin.stacks({ name: 'app' })).toMatchObject([{ status: 'DELETE_IN_PROGRESS' }]);
    await admin.skip(3600);
    expect(await admin.stacks({ status: 'DELETE_COMPLETE' })).toMatchObject([{ name: 'app' }]);
  });

  test('are created at once, under a name that was used before with a new StackId', async () => {
    const old = await idOf(cfn, 'app');
    await deleteStack(cfn, old);
    await admin.skip(60);
    const renewed = await admin.createStack({ account: 'dev-1', region, name: 'app', ageDays: 0 });
    expect(renewed.id).not.toBe(old);
    await expect(admin.createStack({ account, region, name: 'app' })).rejects.toThrow(
      /is there already/,
    );
  });

  test('are changed: protected, tagged, with a new status', async () => {
    const id = await idOf(cfn, 'app');
    await admin.changeStack({ id, protected: true, tags: { ephemeral: 'false' } });
    await expect(deleteStack(cfn, id)).rejects.toThrow(/TerminationProtection/);
    const changed = await admin.changeStack({ id, protected: false, status: 'UPDATE_IN_PROGRESS' });
    expect(changed).toMatchObject({ tags: { ephemeral: 'false' }, status: 'UPDATE_IN_PROGRESS' });
    await expect(deleteStack(cfn, id)).rejects.toThrow(/UPDATE_IN_PROGRESS/);
    await expect(admin.changeStack({ id: 'nothing' })).rejects.toThrow(/no stack nothing/);
  });
});

test('buckets, snapshots and orphans can be looked at', async () => {
  expect(await admin.bucket('pail')).toEqual({ versions: 2, uploads: 0 });
  expect(await admin.bucket('none')).toBeNull();
  expect(await admin.snapshots(account, region)).toEqual(['snap']);
  expect(await admin.orphans()).toEqual([]);
});

test('what the admin API does not have is said', async () => {
  const response = await fetch(`${sandbox.url}/_sandbox/coffee`);
  expect(response.status).toBe(404);
  expect(await response.json()).toEqual({ error: 'no GET /_sandbox/coffee' });
});
