import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { BehaviourInput } from '../../sandbox/codebuild/behaviour.js';
import type { BuildRequest } from '../../src/client/index.js';
import { callsReach, effective } from './calls.js';
import { digestOf, textOf, truthOf } from './logs.js';
import {
  type Stage,
  account,
  behaving,
  laterBy,
  makeFolder,
  project,
  region,
  request,
  setStage,
  until,
} from './scenario.js';

type Fail = NonNullable<BehaviourInput['fail']>;
const retry = { attempts: 3, delay: '10ms' };

function failing(fail: Fail, rest: BehaviourInput = {}): BuildRequest {
  return { ...request, retry, ...behaving({ fail, ...rest }) };
}

/** CodeBuild itself starts failed builds again, up to so often. */
function retryingProject(autoRetryLimit: number, autoRetrySeconds: number) {
  const place = { account: account.name, region, name: project };
  return { projects: [{ ...place, autoRetryLimit }], codebuild: { autoRetrySeconds } };
}

async function untilStatus({ admin }: Stage, status: string): Promise<void> {
  await until(async () => (await admin.builds({ status })).length > 0 || undefined);
}

async function idsOf({ admin }: Stage): Promise<string[]> {
  return (await admin.builds()).map(({ id }) => id);
}

describe('a build that failed by no fault of its own', () => {
  test.each<[string, Fail, RegExp]>([
    [
      'FAULT',
      { kind: 'fault', times: 1 },
      /^CodeBuild had a fault in BUILD: Internal Service Error/,
    ],
    [
      'FAILED',
      { kind: 'provisioning', times: 1 },
      /^CodeBuild could not provide the build’s machine/,
    ],
  ])('is started again, and the result tells why: %s', async (status, fail, reason) => {
    const stage = await setStage();
    const build = await stage.nightshift.builds.run(failing(fail));
    const result = await build.result();
    const [first, second] = await idsOf(stage);
    expect(result).toMatchObject({ status: 'SUCCEEDED', buildId: second });
    expect(result.earlier).toEqual([
      { buildId: first, status, reason: expect.stringMatching(reason) as string },
    ]);
  });

  test('is started again when it waited too long in the queue', async () => {
    const stage = await setStage();
    const build = await stage.nightshift.builds.run({
      ...failing({ kind: 'queueTimeout', times: 1 }),
      queuedTimeout: '5m',
    });
    await build.started();
    await stage.admin.skip(301);
    const { status, earlier } = await build.result();
    expect(status).toBe('SUCCEEDED');
    expect(earlier).toMatchObject([
      {
        status: 'TIMED_OUT',
        reason: 'the build waited too long in the queue: Build timed out while in queue',
      },
    ]);
  });

  test('is started as often as allowed, and then it has failed', async () => {
    const stage = await setStage();
    const build = await stage.nightshift.builds.run(failing({ kind: 'fault' }));
    const result = await build.result();
    const ids = await idsOf(stage);
    expect(ids).toHaveLength(3);
    expect(result).toMatchObject({ status: 'FAULT', buildId: ids[2] });
    expect(result.earlier.map(({ buildId }) => buildId)).toEqual(ids.slice(0, 2));
  });

  test('is not started again where one attempt is allowed', async () => {
    const stage = await setStage();
    const asked = { ...failing({ kind: 'fault' }), retry: { attempts: 1, delay: '10ms' } };
    expect(await (await stage.nightshift.builds.run(asked)).result()).toMatchObject({
      status: 'FAULT',
      earlier: [],
    });
  });

  test('is its own result when it is stopped before the next one', async () => {
    const stage = await setStage();
    const asked = { ...failing({ kind: 'fault' }), retry: { attempts: 2, delay: '1h' } };
    const build = await stage.nightshift.builds.run(asked);
    await untilStatus(stage, 'FAULT');
    await build.stop('not needed');
    const [only, ...others] = await idsOf(stage);
    expect(others).toEqual([]);
    expect(await build.result()).toMatchObject({
      status: 'FAULT',
      buildId: only,
      earlier: [],
      reason: expect.stringMatching(/: not needed$/) as string,
    });
  });
});

describe('a build that failed by its own fault is not started again:', () => {
  test('a command', async () => {
    const stage = await setStage();
    const build = await stage.nightshift.builds.run(failing({ kind: 'command', exitStatus: 3 }));
    expect(await build.result()).toMatchObject({
      status: 'FAILED',
      exitStatus: 3,
      earlier: [],
      reason: 'failed in BUILD: Error while executing command: make. Reason: exit status 3',
    });
    expect(await effective(stage.admin, 'StartBuild')).toBe(1);
  });

  test('an image that it may not pull', async () => {
    const stage = await setStage();
    const build = await stage.nightshift.builds.run(failing({ kind: 'clientError' }));
    expect(await build.result()).toMatchObject({ status: 'FAILED', earlier: [] });
    expect(await effective(stage.admin, 'StartBuild')).toBe(1);
  });

  test('its time was up', async () => {
    const stage = await setStage();
    const build = await stage.nightshift.builds.run({
      ...failing({ kind: 'timeout' }),
      timeout: '5m',
    });
    await build.started();
    await stage.admin.skip(301);
    expect(await build.result()).toMatchObject({ status: 'TIMED_OUT', earlier: [] });
    expect(await effective(stage.admin, 'StartBuild')).toBe(1);
  });
});

describe('the log of a build that was started again', () => {
  const fault: Fail = { kind: 'fault', times: 1 };

  test('goes on in the same file', async () => {
    const stage = await setStage();
    const file = join(await makeFolder(), 'log');
    const { log } = await (
      await stage.nightshift.builds.run({ ...failing(fault), sinks: [{ file }] })
    ).result();
    const texts = await Promise.all((await idsOf(stage)).map((id) => stage.admin.buildLog(id)));
    const whole = texts.map(({ text }) => text).join('');
    expect(digestOf(await readFile(file))).toEqual(digestOf(whole));
    expect(log.bytes).toBe(Buffer.byteLength(whole));
  });

  test('has a file for each build where the name says so, and none has another’s', async () => {
    const stage = await setStage();
    const folder = await makeFolder();
    const sinks = [{ file: join(folder, '{buildId}') }];
    await (await stage.nightshift.builds.run({ ...failing(fault), sinks })).result();
    const ids = await idsOf(stage);
    expect(ids).toHaveLength(2);
    for (const id of ids)
      expect(digestOf(await readFile(join(folder, id.replace(':', '-'))))).toEqual(
        await truthOf(stage.admin, id),
      );
  });

  test('is given by the handle, one build after the other', async () => {
    const stage = await setStage();
    const text = await textOf(await stage.nightshift.builds.run(failing(fault)));
    const texts = await Promise.all((await idsOf(stage)).map((id) => stage.admin.buildLog(id)));
    expect(digestOf(text)).toEqual(digestOf(texts.map((each) => each.text).join('')));
  });
});

describe('where CodeBuild itself starts failed builds again', () => {
  const command: Fail = { kind: 'command', exitStatus: 3, times: 1 };

  test.each([
    ['at once', 1],
    ['a while after the log is whole', 60],
  ])('its retry is followed: %s', async (_, seconds) => {
    const stage = await setStage({ fleet: retryingProject(2, seconds) });
    const result = await (await stage.nightshift.builds.run(failing(command))).result();
    const [first, second] = await idsOf(stage);
    expect(result).toMatchObject({ status: 'SUCCEEDED', buildId: second });
    expect(result.earlier).toEqual([
      { buildId: first, status: 'FAILED', reason: 'CodeBuild retried it' },
    ]);
    expect(await effective(stage.admin, 'StartBuild')).toBe(1);
  });

  test('the last one counts when all of them fail', async () => {
    const stage = await setStage({ fleet: retryingProject(2, 1) });
    const always: Fail = { kind: 'command', exitStatus: 3 };
    const result = await (await stage.nightshift.builds.run(failing(always))).result();
    const ids = await idsOf(stage);
    expect(ids).toHaveLength(3);
    expect(result).toMatchObject({ status: 'FAILED', exitStatus: 3, buildId: ids[2] });
    expect(result.earlier).toHaveLength(2);
  });

  test('a retry that comes after somebody has stopped the build is stopped, too', async () => {
    const stage = await setStage({ fleet: retryingProject(1, 60) });
    const long = { phases: { BUILD: 2_000 } };
    const build = await stage.nightshift.builds.run(failing(command, long));
    await until(
      async () => (await stage.admin.builds()).some(({ phase }) => phase === 'BUILD') || undefined,
    );
    await stage.admin.skip(2_000);
    await untilStatus(stage, 'FAILED');
    await build.stop('not needed');
    const result = await build.result();
    const [first, second] = await idsOf(stage);
    expect(result).toMatchObject({ status: 'STOPPED', buildId: second });
    expect(result.earlier).toMatchObject([{ buildId: first }]);
  });

  test('one that never comes is waited for no longer than a minute', async () => {
    const stage = await setStage({ fleet: retryingProject(1, 1e6) });
    const build = await stage.nightshift.builds.run(failing(command));
    await untilStatus(stage, 'FAILED');
    const { length } = await stage.admin.ledger({ action: 'BatchGetBuilds' });
    // The drain of its log is over by then.
    await callsReach(stage.admin, { action: 'BatchGetBuilds' }, length + 40);
    expect(
      (await stage.temporal.workflow.getHandle(build.workflowId ?? '').describe()).status.name,
    ).toBe('RUNNING');
    laterBy(61_000);
    expect(await build.result()).toMatchObject({ status: 'FAILED', exitStatus: 3, earlier: [] });
  });
});
