import {
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ListExportsCommand,
  ListImportsCommand,
  type CloudFormationClient,
} from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Sandbox } from '../index.js';
import { cloudFormationClient } from '../testing/clients.js';
import { account, oneTarget, region } from '../testing/fleets.js';
import { statusOf, until } from '../testing/until.js';

let sandbox: Sandbox;
let cfn: CloudFormationClient;

beforeEach(async () => {
  sandbox = await oneTarget([
    { name: 'net', exports: ['net-id'], deleteSeconds: 20 },
    { name: 'app', imports: ['net-id'], deleteSeconds: 20 },
    { name: 'slow', deleteSeconds: 3600 },
  ]);
  cfn = cloudFormationClient(sandbox.url, account, region);
});
afterEach(() => sandbox.close());

const stackIdOf = async (name: string) => {
  const { Stacks } = await cfn.send(new DescribeStacksCommand({ StackName: name }));
  return Stacks?.[0]?.StackId ?? '';
};

describe('DeleteStack', () => {
  test('is accepted at once and takes its time', async () => {
    const id = await stackIdOf('slow');
    await cfn.send(new DeleteStackCommand({ StackName: id }));
    expect(await statusOf(cfn, id)).toBe('DELETE_IN_PROGRESS');
  });

  test('ends in DELETE_COMPLETE, which the StackId shows and the name does not', async () => {
    const id = await stackIdOf('app');
    await cfn.send(new DeleteStackCommand({ StackName: 'app' }));
    await until(async () => (await statusOf(cfn, id)) === 'DELETE_COMPLETE');
    await expect(cfn.send(new DescribeStacksCommand({ StackName: 'app' }))).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'Stack with id app does not exist',
    });
  });

  test('of a stack that is not there succeeds and has no effect', async () => {
    await cfn.send(new DeleteStackCommand({ StackName: 'nothing' }));
    expect(sandbox.ledger.entries({ action: 'DeleteStack' })).toMatchObject([
      { outcome: 'ok', subject: 'nothing', effective: false },
    ]);
  });
});

describe('a stack whose export is in use', () => {
  test('is accepted for delete, then silently returns to its status with an event that says why', async () => {
    const id = await stackIdOf('net');
    await cfn.send(new DeleteStackCommand({ StackName: id }));
    expect(await statusOf(cfn, id)).toBe('DELETE_IN_PROGRESS');
    await until(async () => (await statusOf(cfn, id)) === 'CREATE_COMPLETE');
    const { StackEvents } = await cfn.send(new DescribeStackEventsCommand({ StackName: id }));
    expect(StackEvents?.[0]).toMatchObject({
      LogicalResourceId: 'net',
      ResourceStatus: 'CREATE_COMPLETE',
      ResourceStatusReason: 'Delete canceled. Cannot delete export net-id as it is in use by app.',
    });
  });

  test('can be deleted once its importer is gone', async () => {
    const [net, app] = [await stackIdOf('net'), await stackIdOf('app')];
    await cfn.send(new DeleteStackCommand({ StackName: app }));
    await until(async () => (await statusOf(cfn, app)) === 'DELETE_COMPLETE');
    await cfn.send(new DeleteStackCommand({ StackName: net }));
    await until(async () => (await statusOf(cfn, net)) === 'DELETE_COMPLETE');
    expect((await cfn.send(new ListExportsCommand({}))).Exports ?? []).toEqual([]);
  });

  test('has its importers listed, and an export nobody imports is an error', async () => {
    const { Imports } = await cfn.send(new ListImportsCommand({ ExportName: 'net-id' }));
    expect(Imports).toEqual(['app']);
    await expect(cfn.send(new ListImportsCommand({ ExportName: 'lonely' }))).rejects.toMatchObject({
      name: 'ValidationError',
      message: "Export 'lonely' is not imported by any stack.",
    });
  });
});
