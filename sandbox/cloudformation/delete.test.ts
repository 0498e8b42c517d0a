import {
  ListExportsCommand,
  ListImportsCommand,
  type CloudFormationClient,
} from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Sandbox } from '../index.js';
import { cloudFormationClient } from '../testing/clients.js';
import { account, oneTarget, region } from '../testing/fleets.js';
import { deleteStack, eventsOf, idOf, stackOf, statusOf } from '../testing/stack-calls.js';

let sandbox: Sandbox;
let cfn: CloudFormationClient;

beforeEach(async () => {
  sandbox = await oneTarget([
    { name: 'net', exports: ['net-id'], deleteSeconds: 20 },
    { name: 'app', imports: ['net-id'], deleteSeconds: 30, resources: 2 },
    { name: 'job', imports: ['net-id'], deleteSeconds: 30 },
  ]);
  cfn = cloudFormationClient(sandbox.url, account, region);
});
afterEach(() => sandbox.close());

describe('DeleteStack', () => {
  test('is accepted at once and takes the time that the stack takes', async () => {
    const id = await idOf(cfn, 'app');
    await deleteStack(cfn, id);
    expect(await statusOf(cfn, id)).toBe('DELETE_IN_PROGRESS');
    sandbox.clock.skip(29);
    expect(await statusOf(cfn, id)).toBe('DELETE_IN_PROGRESS');
    sandbox.clock.skip(1);
    expect(await statusOf(cfn, id)).toBe('DELETE_COMPLETE');
  });

  test('leaves a stack that its StackId still shows and its name does not', async () => {
    const id = await idOf(cfn, 'app');
    await deleteStack(cfn, 'app');
    sandbox.clock.skip(30);
    expect((await stackOf(cfn, id)).DeletionTime).toBeInstanceOf(Date);
    await expect(stackOf(cfn, 'app')).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'Stack with id app does not exist',
    });
  });

  test('writes an event for the stack and each resource', async () => {
    const id = await idOf(cfn, 'app');
    await deleteStack(cfn, id);
    sandbox.clock.skip(30);
    expect((await eventsOf(cfn, id)).slice(0, 6)).toEqual([
      'app DELETE_COMPLETE',
      'Resource1 DELETE_COMPLETE',
      'Resource0 DELETE_COMPLETE',
      'Resource1 DELETE_IN_PROGRESS',
      'Resource0 DELETE_IN_PROGRESS',
      'app DELETE_IN_PROGRESS User Initiated',
    ]);
  });

  test('of a stack that is not there succeeds and has no effect', async () => {
    await deleteStack(cfn, 'nothing');
    expect(sandbox.ledger.entries({ action: 'DeleteStack' })).toMatchObject([
      { outcome: 'ok', subject: 'nothing', effective: false },
    ]);
  });

  test('asked for twice is carried out once', async () => {
    const id = await idOf(cfn, 'app');
    await deleteStack(cfn, id);
    await deleteStack(cfn, id);
    sandbox.clock.skip(30);
    await deleteStack(cfn, id);
    expect(sandbox.ledger.summary().effectiveDeletes['DeleteStack']).toEqual({ [id]: 1 });
  });
});

describe('a stack whose export is in use', () => {
  test('is accepted for delete, then silently returns to its status with an event that says why', async () => {
    await deleteStack(cfn, 'net');
    expect(await statusOf(cfn, 'net')).toBe('DELETE_IN_PROGRESS');
    sandbox.clock.skip(3);
    expect(await statusOf(cfn, 'net')).toBe('CREATE_COMPLETE');
    expect((await eventsOf(cfn, 'net')).slice(0, 2)).toEqual([
      'net CREATE_COMPLETE Delete canceled. Cannot delete export net-id as it is in use by app, job.',
      'net DELETE_IN_PROGRESS User Initiated',
    ]);
  });

  test('cannot go while its last importer is still being deleted', async () => {
    await deleteStack(cfn, 'app');
    await deleteStack(cfn, 'job');
    sandbox.clock.skip(20);
    await deleteStack(cfn, 'net');
    sandbox.clock.skip(3);
    expect(await statusOf(cfn, 'net')).toBe('CREATE_COMPLETE');
  });

  test('can be deleted once its importers are gone', async () => {
    const id = await idOf(cfn, 'net');
    await deleteStack(cfn, 'app');
    await deleteStack(cfn, 'job');
    sandbox.clock.skip(30);
    await deleteStack(cfn, id);
    sandbox.clock.skip(20);
    expect(await statusOf(cfn, id)).toBe('DELETE_COMPLETE');
    expect((await cfn.send(new ListExportsCommand({}))).Exports ?? []).toEqual([]);
  });

  test('has its importers listed by name', async () => {
    const { Imports } = await cfn.send(new ListImportsCommand({ ExportName: 'net-id' }));
    expect(Imports).toEqual(['app', 'job']);
  });

  test('is an error to ask about when nobody imports it', async () => {
    await expect(cfn.send(new ListImportsCommand({ ExportName: 'lonely' }))).rejects.toMatchObject({
      name: 'ValidationError',
      message: "Export 'lonely' is not imported by any stack.",
    });
  });
});
