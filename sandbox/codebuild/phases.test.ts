import { StopBuildCommand, type CodeBuildClient } from '@aws-sdk/client-codebuild';
import { afterEach, describe, expect, test } from 'vitest';
import type { Sandbox } from '../index.js';
import { codeBuildClient } from '../testing/clients.js';
import type { BehaviourInput } from './behaviour.js';
import { account, buildOf, contextsOf, phasesOf, region, start, withProjects } from './testing.js';

let sandbox: Sandbox;
let client: CodeBuildClient;
afterEach(() => sandbox.close());

async function open(...of: Parameters<typeof withProjects>) {
  sandbox = await withProjects(...of);
  client = codeBuildClient(sandbox.url, account, region);
}

async function run(behaviour: BehaviourInput, seconds = 600) {
  await open([{ name: 'app', timeoutMinutes: 5, queuedTimeoutMinutes: 5, behaviour }]);
  const id = await start(client, 'app');
  sandbox.clock.skip(seconds);
  return buildOf(client, id);
}

const before = ['SUBMITTED SUCCEEDED', 'QUEUED SUCCEEDED'];
const downloaded = [...before, 'PROVISIONING SUCCEEDED', 'DOWNLOAD_SOURCE SUCCEEDED'];
const installed = [...downloaded, 'INSTALL SUCCEEDED', 'PRE_BUILD SUCCEEDED'];
const after = ['UPLOAD_ARTIFACTS SUCCEEDED', 'FINALIZING SUCCEEDED', 'COMPLETED'];

test('phases follow one another in sandbox time, each with its times', async () => {
  const build = await run({ queueSeconds: 3, provisioningSeconds: 4, phases: { BUILD: 50 } });
  expect(phasesOf(build)).toEqual([
    ...installed,
    'BUILD SUCCEEDED',
    'POST_BUILD SUCCEEDED',
    ...after,
  ]);
  expect(build.phases?.map((phase) => phase.durationInSeconds)).toEqual([
    0,
    3,
    4,
    1,
    1,
    1,
    50,
    1,
    0,
    1,
    undefined,
  ]);
  expect(build).toMatchObject({ buildStatus: 'SUCCEEDED', buildComplete: true });
  expect((build.endTime?.getTime() ?? 0) - (build.startTime?.getTime() ?? 0)).toBe(62_000);
  for (const [index, phase] of (build.phases ?? []).slice(1).entries())
    expect(phase.startTime).toEqual(build.phases?.[index]?.endTime);
});

test('a phase that goes on has neither status nor end', async () => {
  const build = await run({ phases: { BUILD: 50 } }, 20);
  expect(build.currentPhase).toBe('BUILD');
  expect(build.buildComplete).toBe(false);
  expect(build.phases?.at(-1)).toEqual({
    phaseType: 'BUILD',
    startTime: build.phases?.at(-2)?.endTime,
  });
});

describe('a command that fails', () => {
  test('in BUILD is followed by POST_BUILD and UPLOAD_ARTIFACTS', async () => {
    const build = await run({ fail: { kind: 'command', exitStatus: 3 } });
    expect(build.buildStatus).toBe('FAILED');
    expect(phasesOf(build)).toEqual([
      ...installed,
      'BUILD FAILED',
      'POST_BUILD SUCCEEDED',
      ...after,
    ]);
    expect(contextsOf(build)).toEqual([
      'BUILD: COMMAND_EXECUTION_ERROR Error while executing command: make. Reason: exit status 3',
    ]);
  });

  test.each(['INSTALL', 'PRE_BUILD'] as const)('in %s is followed by FINALIZING', async (phase) => {
    const build = await run({ fail: { kind: 'command', phase } });
    expect(phasesOf(build).slice(-3)).toEqual([
      `${phase} FAILED`,
      'FINALIZING SUCCEEDED',
      'COMPLETED',
    ]);
  });

  test('in POST_BUILD is followed by UPLOAD_ARTIFACTS', async () => {
    const build = await run({ fail: { kind: 'command', phase: 'POST_BUILD' } });
    expect(phasesOf(build).slice(-4)).toEqual(['POST_BUILD FAILED', ...after]);
    expect(build.buildStatus).toBe('FAILED');
  });
});

test('a fault ends the build where it is', async () => {
  const build = await run({ fail: { kind: 'fault' } });
  expect(build.buildStatus).toBe('FAULT');
  expect(phasesOf(build)).toEqual([...installed, 'BUILD FAULT', 'COMPLETED']);
  expect(contextsOf(build)[0]).toContain('Internal Service Error');
});

test('a container that cannot be had fails in PROVISIONING', async () => {
  const build = await run({ fail: { kind: 'provisioning', message: 'no capacity' } });
  expect(build.buildStatus).toBe('FAILED');
  expect(phasesOf(build)).toEqual([...before, 'PROVISIONING FAILED', 'COMPLETED']);
  expect(contextsOf(build)[0]).toMatch(/^PROVISIONING: \w+ no capacity$/);
});

test('an image that may not be pulled is a client’s error', async () => {
  const build = await run({ fail: { kind: 'clientError' } });
  expect(build.buildStatus).toBe('FAILED');
  expect(phasesOf(build)).toEqual([...before, 'PROVISIONING CLIENT_ERROR', 'COMPLETED']);
  expect(contextsOf(build)[0]).toMatch(/^PROVISIONING: BUILD_CONTAINER_UNABLE_TO_PULL_IMAGE /);
});

test('a source that cannot be had fails in DOWNLOAD_SOURCE', async () => {
  const build = await run({ fail: { kind: 'clientError', phase: 'DOWNLOAD_SOURCE' } });
  expect(phasesOf(build)).toEqual([
    ...before,
    'PROVISIONING SUCCEEDED',
    'DOWNLOAD_SOURCE FAILED',
    'FINALIZING SUCCEEDED',
    'COMPLETED',
  ]);
});

test('a queue that does not move times the build out', async () => {
  const build = await run({ fail: { kind: 'queueTimeout' } });
  expect(build.buildStatus).toBe('TIMED_OUT');
  expect(phasesOf(build)).toEqual(['SUBMITTED SUCCEEDED', 'QUEUED TIMED_OUT', 'COMPLETED']);
});

test('a build that hangs is ended by its timeout, which does not count the queue', async () => {
  const build = await run({ queueSeconds: 100, fail: { kind: 'timeout' } });
  expect(build.buildStatus).toBe('TIMED_OUT');
  expect(phasesOf(build)).toEqual([...installed, 'BUILD TIMED_OUT', 'COMPLETED']);
  expect(contextsOf(build)).toEqual(['BUILD: BUILD_TIMED_OUT Build has timed out. ']);
  expect((build.endTime?.getTime() ?? 0) - (build.startTime?.getTime() ?? 0)).toBe(400_000);
});

test('a build of its project’s own behaviour may have another by a variable', async () => {
  await open([{ name: 'app', behaviour: { phases: { BUILD: 10 }, fail: { kind: 'fault' } } }]);
  const behaviour: BehaviourInput = { fail: { kind: 'command', exitStatus: 9 } };
  const id = await start(client, 'app', {
    environmentVariablesOverride: [{ name: 'SANDBOX_BUILD', value: JSON.stringify(behaviour) }],
  });
  sandbox.clock.skip(100);
  const build = await buildOf(client, id);
  expect(contextsOf(build)[0]).toMatch(/exit status 9$/);
  expect(build.phases?.find((phase) => phase.phaseType === 'BUILD')?.durationInSeconds).toBe(10);
});

describe('StopBuild', () => {
  const behaviour: BehaviourInput = {
    queueSeconds: 10,
    provisioningSeconds: 10,
    phases: {
      DOWNLOAD_SOURCE: 10,
      INSTALL: 10,
      PRE_BUILD: 10,
      BUILD: 10,
      POST_BUILD: 10,
      UPLOAD_ARTIFACTS: 10,
      FINALIZING: 10,
    },
  };
  const stop = async (id: string) => (await client.send(new StopBuildCommand({ id }))).build;

  test.each([
    [5, 'QUEUED'],
    [15, 'PROVISIONING'],
    [25, 'DOWNLOAD_SOURCE'],
    [35, 'INSTALL'],
    [45, 'PRE_BUILD'],
    [55, 'BUILD'],
    [65, 'POST_BUILD'],
    [75, 'UPLOAD_ARTIFACTS'],
    [85, 'FINALIZING'],
  ])('%i seconds after the start stops the build in %s, a moment later', async (seconds, phase) => {
    await open([{ name: 'app', behaviour }]);
    const id = await start(client, 'app');
    sandbox.clock.skip(seconds);
    expect(await stop(id)).toMatchObject({ buildStatus: 'IN_PROGRESS', currentPhase: phase });
    sandbox.clock.skip(1);
    const build = await buildOf(client, id);
    expect(build.buildStatus).toBe('STOPPED');
    expect(phasesOf(build).slice(-2)).toEqual([`${phase} STOPPED`, 'COMPLETED']);
    sandbox.clock.skip(100);
    expect(await buildOf(client, id)).toEqual(build);
  });

  test('of a build that has ended changes nothing, and of one that is stopped nothing more', async () => {
    await open([{ name: 'app' }]);
    const id = await start(client, 'app');
    await stop(id);
    await stop(id);
    sandbox.clock.skip(60);
    expect((await stop(id))?.buildStatus).toBe('STOPPED');
    const done = await start(client, 'app');
    sandbox.clock.skip(60);
    const build = await buildOf(client, done);
    expect(await stop(done)).toEqual(build);
    expect(build.buildStatus).toBe('SUCCEEDED');
    expect(sandbox.ledger.entries({ action: 'StopBuild' }).map((e) => e.effective)).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  test('frees the slot for a build that waits', async () => {
    await open([{ name: 'app', behaviour }], { codebuild: { concurrentBuilds: 1 } });
    const first = await start(client, 'app');
    const second = await start(client, 'app');
    sandbox.clock.skip(50);
    await stop(first);
    sandbox.clock.skip(2);
    expect((await buildOf(client, second)).currentPhase).toBe('PROVISIONING');
  });

  test('of a build that is not there, or of none, is refused', async () => {
    await open([{ name: 'app' }]);
    await expect(stop('app:00000000-0000-0000-0000-000000000000')).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await expect(stop('app')).rejects.toMatchObject({ name: 'InvalidInputException' });
  });
});

describe('automatic retries', () => {
  test('make new builds, linked both ways, until one succeeds', async () => {
    await open([
      { name: 'app', autoRetryLimit: 3, behaviour: { fail: { kind: 'command', times: 2 } } },
    ]);
    const first = await start(client, 'app', { sourceVersion: 'v1' });
    const { arn: firstArn } = await buildOf(client, first);
    sandbox.clock.skip(100);
    const chain = [await buildOf(client, first)];
    for (let next = chain[0]?.autoRetryConfig?.nextAutoRetry; next !== undefined;) {
      const build = await buildOf(client, next);
      chain.push(build);
      next = build.autoRetryConfig?.nextAutoRetry;
    }
    expect(chain.map((build) => build.buildStatus)).toEqual(['FAILED', 'FAILED', 'SUCCEEDED']);
    expect(chain.map((build) => build.autoRetryConfig)).toMatchObject([
      { autoRetryLimit: 3, autoRetryNumber: 0 },
      { autoRetryLimit: 3, autoRetryNumber: 1, previousAutoRetry: firstArn },
      { autoRetryLimit: 3, autoRetryNumber: 2, previousAutoRetry: chain[1]?.arn },
    ]);
    expect(chain.map((build) => build.sourceVersion)).toEqual(['v1', 'v1', 'v1']);
    expect((chain[1]?.startTime?.getTime() ?? 0) - (chain[0]?.endTime?.getTime() ?? 0)).toBe(2000);
  });

  test('end at the limit', async () => {
    await open([{ name: 'app', autoRetryLimit: 2, behaviour: { fail: { kind: 'command' } } }]);
    await start(client, 'app');
    sandbox.clock.skip(1000);
    sandbox.settle();
    const builds = [...sandbox.services.codebuild.builds.all()];
    expect(builds.map((build) => build.status)).toEqual(['FAILED', 'FAILED', 'FAILED']);
  });

  test('are not for a build that was stopped', async () => {
    await open([{ name: 'app', autoRetryLimit: 2 }]);
    const id = await start(client, 'app');
    await client.send(new StopBuildCommand({ id }));
    sandbox.clock.skip(1000);
    sandbox.settle();
    expect([...sandbox.services.codebuild.builds.all()]).toHaveLength(1);
  });
});
