import { randomUUID } from 'node:crypto';
import { WorkflowFailedError } from '@temporalio/client';
import { afterEach, describe, expect, test } from 'vitest';
import { account, project, region, request, sharedStage } from './scenario.js';

const other = { id: '999999999999', name: 'dev-2' };
const stage = sharedStage({
  fleet: { accounts: [account, other], regions: [region, 'us-east-1'] },
  config: {
    accounts: { list: [account, other], role: 'arn:aws:iam::{accountId}:role/nightshift-spoke' },
    regions: [region, 'us-east-1'],
    builds: { presets: { image: { project: 'image-build' } } },
  },
});

/** What a workflow that is started with this input fails with, as another team's tool would start it. */
async function failureOf(type: string, ...args: unknown[]) {
  const { temporal, taskQueue } = stage();
  const workflowId = `refused-${randomUUID()}`;
  const failed = temporal.workflow.execute(type, { workflowId, taskQueue, args });
  const error: unknown = await failed.catch((reason: unknown) => reason);
  if (!(error instanceof WorkflowFailedError)) throw new Error(`${type} has not failed`);
  return error.cause;
}

const refused = (message: RegExp) => ({
  type: 'InvalidInput',
  nonRetryable: true,
  message: expect.stringMatching(message) as string,
});

// Nothing is touched, however wrong an input is.
afterEach(() => {
  expect(stage().sandbox.ledger.summary().calls).toBe(0);
});

describe('a build is refused, and the field is named:', () => {
  test.each<[string, unknown, RegExp]>([
    ['preset', 'img', /preset: "img" is not a preset .*did you mean image.*there are image/],
    ['preset', 7, /preset: .*must be/],
    ['account', 'prod', /account: "prod" is not an account .*dev-1, dev-2/],
    ['account', undefined, /account: is missing: there are 2 accounts/],
    ['account', '', /account: .*must be an account name or id/],
    ['region', undefined, /region: is missing: .*configured are ap-southeast-2, us-east-1/],
    ['region', 'Sydney', /region: "Sydney" .*ap-southeast-2/],
    ['project', undefined, /project: is missing: must be the name of a CodeBuild project/],
    ['project', 'a', /project: "a" is not allowed: must be the name .* 2 to 150/],
    ['sourceVersion', '', /sourceVersion: "" is not allowed: must be a commit/],
    ['image', 'a b', /image: "a b" is not allowed: must be the name of an image/],
    ['computeType', 'BIG', /computeType: "BIG" is not allowed: .*BUILD_GENERAL1_SMALL/],
    ['privileged', 'yes', /privileged: "yes" is not allowed: must be true or false/],
    ['environmentType', 'LINUX', /environmentType: "LINUX" .*LINUX_CONTAINER/],
    ['buildspec', 5, /buildspec: 5 is not allowed: must be a buildspec/],
    ['env', 'A=B', /env: "A=B" is not allowed: must be/],
    ['env', { '1A': 'x' }, /env\.1A: /],
    ['env', { A: 1 }, /env\.A: 1 is not allowed: must be text in quotes/],
    ['env', { A: { ssm: '' } }, /env\.A\.ssm: "" is not allowed: must be the name/],
    ['timeout', '4m', /timeout: "4m" is not allowed: .*from 5m to 36h/],
    ['timeout', 90, /timeout: 90 is not allowed: .*from 5m to 36h/],
    ['queuedTimeout', '9h', /queuedTimeout: "9h" is not allowed: .*from 5m to 8h/],
    ['sinks', {}, /sinks: .*must be a list/],
    ['sinks', [{ file: '' }], /sinks\[0\]\.file: "" is not allowed: must be a path/],
    ['sinks', [{ s3: 'x' }], /sinks\[0\]/],
    ['sinks', Array.from({ length: 6 }, () => ({ file: 'a' })), /sinks: /],
    ['retry', { attempts: 0 }, /retry\.attempts: 0 is not allowed: .*from 1 to 20/],
    ['retry', { delay: 'soon' }, /retry\.delay: "soon" is not allowed/],
    ['setup', {}, /setup\.config: is missing/],
    ['setup', { config: { regions: 5 } }, /setup\.config\.regions: 5/],
    ['spec', 'web', /spec: "web" is not allowed/],
    ['spec', {}, /spec\.target: is missing/],
    ['colour', 'red', /colour: is not a known key; allowed are preset, account/],
  ])('%s: %j', async (field, value, message) => {
    const input = { ...request, [field]: value };
    expect(await failureOf('codebuildBuild', input)).toMatchObject(refused(message));
  });

  test('all of them at once', async () => {
    const failure = await failureOf('codebuildBuild', { image: '', timeout: '1m' });
    expect(failure?.message.split('\n')).toHaveLength(2);
  });

  test.each(['web', 5, null, ['web']])('what is no mapping: %j', async (input) => {
    const message = /^codebuildBuild: .*(must be a mapping|is missing)/;
    expect(await failureOf('codebuildBuild', input)).toMatchObject(refused(message));
  });

  test('nothing at all', async () => {
    expect(await failureOf('codebuildBuild')).toMatchObject(refused(/project: is missing/));
  });
});

describe('a look at a build is refused:', () => {
  const uuid = '9f2b6a5e-3a1c-4d0e-8f7b-0123456789ab';
  const build = `${project}:${uuid}`;

  test.each<[string, unknown, RegExp]>([
    ['without a build', {}, /build: is missing/],
    ['at what is no build', { build: 'web' }, /"web" is not a build: must be its id/],
    ['with a wrong region', { build, region: 'x' }, /region: "x"/],
    ['with a wrong place', { build, place: {} }, /place\.target: is missing/],
    ['with a key too many', { build, follow: true }, /follow: is not a known key/],
  ])('%s', async (_, input, message) => {
    expect(await failureOf('describeBuild', input)).toMatchObject(refused(message));
  });

  test.each(['stopBuild', 'buildLog'])('%s without one', async (type) => {
    const failure = await failureOf(type, { buildId: build });
    expect(failure).toMatchObject(refused(/place: is missing/));
  });

  test.each(['stopBuild', 'buildLog', 'describeBuild'])('%s without any input', async (type) => {
    expect(await failureOf(type)).toMatchObject({ type: 'InvalidInput' });
  });
});
