import { join } from 'node:path';
import { type Build, type CodeBuildClient, StartBuildCommand } from '@aws-sdk/client-codebuild';
import { describe, expect, test, vi } from 'vitest';
import type { BehaviourInput } from '../../sandbox/codebuild/behaviour.js';
import { codeBuildClient } from '../../sandbox/testing/clients.js';
import { BuildWatch } from '../../src/activities/builds/build-watch.js';
import type { BuildHandle } from '../../src/client/index.js';
import { callsReach } from './calls.js';
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

const endless = { phases: { BUILD: 100_000 } };

/** Builds that somebody else has started. */
async function startBuilds({ sandbox }: Stage, count: number): Promise<string[]> {
  const client = codeBuildClient(sandbox.url, account.id, region);
  const command = new StartBuildCommand({ projectName: project, timeoutInMinutesOverride: 2160 });
  const started = Array.from({ length: count }, () => client.send(command));
  return (await Promise.all(started)).map(({ build }) => build?.id ?? '');
}

/** Watches builds until each has been seen so often; gives the calls that it took. */
async function callsToSee(stage: Stage, ids: readonly string[], looks: number): Promise<number> {
  const client = codeBuildClient(stage.sandbox.url, account.id, region);
  const watch = new BuildWatch();
  const { signal } = new AbortController();
  const view = () => ({});
  const seen = async (buildId: string) => {
    let count = 0;
    for await (const _ of watch.watch(client, { buildId, interval: 150, view }, signal))
      if (++count === looks) return;
  };
  await stage.admin.clearLedger();
  await Promise.all(ids.map(seen));
  return (await stage.admin.ledger({ action: 'BatchGetBuilds' })).length;
}

test.each([
  [1, 1],
  [100, 1],
  [101, 2],
  [250, 3],
])('%d builds take %d call(s) a look', async (builds, calls) => {
  const stage = await setStage();
  const ids = await startBuilds(stage, builds);
  const looks = 6;
  expect((await callsToSee(stage, ids, looks)) / looks).toBe(calls);
});

test('builds of many workflows are looked at together', async () => {
  const stage = await setStage({ config: { builds: { pollInterval: '200ms' } } });
  const builds = await Promise.all(
    Array.from({ length: 30 }, () =>
      stage.nightshift.builds.run({ ...request, timeout: '36h', ...behaving(endless) }),
    ),
  );
  await Promise.all(builds.map((build) => build.started()));
  await stage.admin.clearLedger();
  const began = Date.now();
  await callsReach(stage.admin, { action: 'BatchGetBuilds' }, 10);
  const calls = await stage.admin.ledger({ action: 'BatchGetBuilds' });
  // One each look: were each build looked at for itself, there would be thirty.
  expect(calls.length / ((Date.now() - began) / 200)).toBeLessThan(2);
  await Promise.all(builds.map((build) => build.stop()));
  await Promise.all(builds.map((build) => build.result()));
});

test('a build whose log is huge holds up no other’s: each has its turn with the reads', async () => {
  const stage = await setStage({ config: { pace: { logs: { perSecond: 10, burst: 1 } } } });
  const folder = await makeFolder();
  const run = (behaviour: BehaviourInput) => {
    const sinks = [{ file: join(folder, '{buildId}') }];
    return stage.nightshift.builds.run({ ...request, ...behaving(behaviour), sinks });
  };
  const reads = async () =>
    (await stage.admin.ledger({ action: 'GetLogEvents', outcome: 'ok' })).map(
      ({ subject = '' }) => subject,
    );
  const huge = await run({ log: { bytes: 100_000_000, lineBytes: 1_000 } });
  const of = async (build: BuildHandle) => (await build.started()).buildId.split(':')[1] ?? '';
  const isHuge = await of(huge);
  await until(
    async () => (await reads()).filter((each) => each.includes(isHuge)).length > 5 || undefined,
  );

  const others = await Promise.all(
    [1, 2].map(() => run({ log: { everySeconds: 2 }, phases: { BUILD: 60 } })),
  );
  await Promise.all(others.map((build) => build.result()));
  const seen = await reads();
  for (const other of others) {
    const own = await of(other);
    expect(longestWait(seen, own, isHuge)).toBeLessThan(10);
  }
  // The huge one goes on.
  await until(
    async () =>
      (await reads()).slice(seen.length).some((each) => each.includes(isHuge)) || undefined,
  );
  await huge.stop();
  await huge.result();
});

/** How many reads of one log there were at most between two of another. */
function longestWait(reads: readonly string[], own: string, others: string): number {
  const first = reads.findIndex((read) => read.includes(own));
  const last = reads.findLastIndex((read) => read.includes(own));
  let longest = 0;
  let waited = 0;
  for (const read of reads.slice(first, last + 1)) {
    if (read.includes(own)) waited = 0;
    else if (read.includes(others)) longest = Math.max(longest, ++waited);
  }
  return longest;
}

test('a build that CodeBuild knows nothing of is given up after two minutes', async () => {
  const stage = await setStage();
  const client = codeBuildClient(stage.sandbox.url, account.id, region);
  const { signal } = new AbortController();
  const buildId = `${project}:9f2b6a5e-3a1c-4d0e-8f7b-0123456789ab`;
  const looks = new BuildWatch().watch(client, { buildId, interval: 20, view: () => ({}) }, signal);
  const seen = looks.next();
  seen.catch(() => undefined);
  await callsReach(stage.admin, { action: 'BatchGetBuilds' }, 3);
  laterBy(120_001);
  await expect(seen).rejects.toMatchObject({
    code: 'NotFound',
    message: `there is no build ${buildId}`,
  });
});

describe('while builds may not be looked at', () => {
  const denied = Object.assign(new Error('not authorized'), {
    name: 'AccessDeniedException',
    $metadata: { httpStatusCode: 400 },
  });

  function watchDenied() {
    const send = vi
      .fn<(command: unknown) => Promise<{ builds: Build[] }>>()
      .mockRejectedValue(denied);
    const client = { send } as unknown as CodeBuildClient;
    const { signal } = new AbortController();
    const request = { buildId: 'web:1', interval: 5, view: ({ id }: Build) => ({ id }) };
    const seen = new BuildWatch().watch(client, request, signal).next();
    seen.catch(() => undefined);
    return { send, seen };
  }

  test('for less than five minutes, they are waited for', async () => {
    const { send, seen } = watchDenied();
    await until(() => send.mock.calls.length > 2 || undefined);
    laterBy(240_000);
    const { length } = send.mock.calls;
    await until(() => send.mock.calls.length > length + 2 || undefined);
    send.mockResolvedValue({ builds: [{ id: 'web:1' }] });
    expect(await seen).toMatchObject({ value: { id: 'web:1' } });
  });

  test('for longer, they are given up', async () => {
    const { send, seen } = watchDenied();
    await until(() => send.mock.calls.length > 2 || undefined);
    laterBy(300_000);
    await expect(seen).rejects.toMatchObject({ code: 'AwsAccess' });
  });
});
