import { randomUUID } from 'node:crypto';
import { Client, Connection, WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { createWorker } from '../../src/worker.js';
import { newTarget, runSpec } from './stage.js';
import { configSchema } from '../../src/domain/config/index.js';

const endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

let client: Client;
let taskQueue: string;

/** The real worker, without a config of its own and with no AWS to speak to: no input here gets that far. */
beforeEach(async () => {
  taskQueue = `input-${randomUUID()}`;
  const connectionOptions = { address: inject('temporalAddress') };
  const worker = await createWorker({
    server: { connectionOptions, namespace: 'default' },
    taskQueue,
  });
  const running = worker.run();
  endings.push(async () => {
    worker.stop();
    await running;
  });
  const connection = await Connection.connect(connectionOptions);
  endings.push(() => connection.close());
  client = new Client({ connection });
});

const target = newTarget();
const setup = {
  config: configSchema.parse({
    accounts: { list: [target.account], role: 'arn:aws:iam::{accountId}:role/spoke' },
    regions: [target.region],
    policies: ['inline'],
  }),
  policies: runSpec([target]).policies,
};

test.each([
  ['an unknown key', { polices: ['stacks'] }, /polices/],
  ['a wrong type', { policies: 'stacks' }, /policies: .*(array|list)/i],
  ['an empty list', { accounts: [] }, /accounts: .*at least one/],
  ['a word that is none of the allowed', { mode: 'destroy' }, /mode: .*plan.*run/],
  ['a plan hash that is none', { planHash: 'nonsense' }, /planHash: .*16 hexadecimal/],
  ['several wrong fields', { mode: 'destroy', regions: 'all' }, /mode: [^]*regions: /],
  [
    'a field deep in the config',
    { setup: { ...setup, config: { ...setup.config, regions: 5 } } },
    /setup\.config\.regions/,
  ],
  [
    'an unknown policy',
    { setup, policies: ['nope'] },
    /policies: there is no policy nope; there are stacks/,
  ],
  [
    'an account that is not there',
    { setup, accounts: ['prod-*'] },
    /accounts: no account matches prod-\*/,
  ],
  [
    'a region that is not configured',
    { setup, regions: ['eu-west-1'] },
    /regions: eu-west-1 is not among/,
  ],
  ['no config', {}, /brings no config/],
  ['no input', undefined, /brings no config/],
  ['what is no mapping', 'stacks', /cleanup: .*must be a mapping/],
])('%s fails the run at once and names the field', async (_, input, message) => {
  const handle = await client.workflow.start('cleanup', {
    workflowId: `input-${randomUUID()}`,
    taskQueue,
    args: input === undefined ? [] : [input],
  });
  const error = await handle.result().then(
    () => undefined,
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(WorkflowFailedError);
  const { cause } = error as WorkflowFailedError;
  expect(cause).toBeInstanceOf(ApplicationFailure);
  expect(cause).toMatchObject({ type: 'InvalidInput', nonRetryable: true });
  expect(cause?.message).toMatch(message);
  // At once: nothing but reading it was tried, and no target was begun.
  const { events } = await handle.fetchHistory();
  const started = events?.flatMap((each) => each.activityTaskStartedEventAttributes ?? []) ?? [];
  expect(started).toHaveLength(1);
  expect(events?.some((each) => each.startChildWorkflowExecutionInitiatedEventAttributes)).toBe(
    false,
  );
});
