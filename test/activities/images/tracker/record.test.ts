import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { expect, inject, test } from 'vitest';
import { lineRecord } from '../../../../src/activities/images/tracker/line-record.js';
import { lineWorkflowId } from '../../../../src/domain/images/cell.js';
import { installTelemetry } from '../../../../src/telemetry/index.js';
import { failureOf } from '../builders/support.js';
import { atEnd } from '../ec2/support.js';
import { versions } from './support.js';

installTelemetry({ log: { level: 'error' } });

async function connect(): Promise<Client> {
  const connection = await Connection.connect({ address: inject('temporalAddress') });
  atEnd(() => connection.close());
  return new Client({ connection });
}

/** A worker that runs a line's stand-in. */
async function startWorker(taskQueue: string): Promise<void> {
  const connection = await NativeConnection.connect({ address: inject('temporalAddress') });
  atEnd(() => connection.close());
  const workflowsPath = fileURLToPath(new URL('line-workflow.ts', import.meta.url));
  const worker = await Worker.create({ connection, taskQueue, workflowsPath });
  const running = worker.run();
  atEnd(async () => {
    worker.shutdown();
    await running;
  });
}

test('a line’s record is asked of its own workflow', async () => {
  const client = await connect();
  const taskQueue = `record-${randomUUID()}`;
  await startWorker(taskQueue);
  const name = { line: taskQueue, channel: 'dev' };
  const record = { ...name, product: 'gitlab-runner', built: versions(100) };
  const workflowId = lineWorkflowId(name);
  const line = await client.workflow.start('recordedLine', {
    taskQueue,
    workflowId,
    args: [record],
  });
  atEnd(() => line.terminate());
  const { signal } = new AbortController();
  expect(await lineRecord(client, name, signal)).toEqual(record);
});

test('a line that is not there is said to be not there', async () => {
  const client = await connect();
  const name = { line: `none-${randomUUID()}`, channel: 'dev' };
  expect(await failureOf(lineRecord(client, name, new AbortController().signal))).toMatchObject({
    code: 'NotFound',
    message: `the line ${name.line}/dev can’t be asked for its record: it is not there`,
  });
});

test('nobody waits on for a line that does not answer, once the work is called off', async () => {
  const client = await connect();
  const taskQueue = `record-${randomUUID()}`;
  const name = { line: taskQueue, channel: 'dev' };
  const workflowId = lineWorkflowId(name);
  // There is no worker to answer.
  const line = await client.workflow.start('recordedLine', { taskQueue, workflowId, args: [{}] });
  atEnd(() => line.terminate());
  const called = new AbortController();
  const failure = failureOf(lineRecord(client, name, called.signal));
  called.abort(new Error('called off'));
  expect(await failure).toMatchObject({ message: 'called off' });
});
