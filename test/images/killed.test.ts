import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { NightshiftError } from '../../src/client/index.js';
import { imageTags } from '../../src/domain/images/tags.js';
import { chance } from '../support/e2e/seed.js';
import { killableWorkers } from './killable-worker.js';
import { type Stage, far, region, setStage, until } from './stage.js';

const kills = 20;
const nothing = { found: 0, added: 0 };

/** Calls after which a worker knows what the server doesn't yet. */
const tellingCalls = [
  'StartBuild',
  'BatchGetBuilds',
  'GetLogEvents',
  'DescribeImages',
  'CreateTags',
  'CopyImage',
  'ModifyImageAttribute',
  'EnableImageDeprecation',
  'PutParameter',
];

test('every image is built and copied once although workers are killed at twenty random moments, two check at once, and the tracker’s store fails', async () => {
  const random = chance('images, worker killed');
  const versions = ['16.4.0-1', '16.3.0-1', '16.2.0-1', '16.1.0-1'];
  const stage = await setStage({
    versions,
    speed: 20,
    behaviour: {
      phases: { BUILD: 20 },
      fail: [{ kind: 'command', when: { NIGHTSHIFT_BASE_OS: 'rocky9' }, times: 1 }],
    },
    image: { pendingSeconds: 10 },
    line: {
      copyTo: [far],
      shareWith: ['222222222222'],
      deprecateAfter: '30d',
      tracker: { ssm: '/nightshift/images/runner' },
      // A failure that a kill makes is one, too: none is to be held for those.
      attempts: { most: 20, delay: '100ms', factor: 1 },
    },
    workerTimeout: '2s',
    config: { schedules: [] },
  });
  const { sandbox, admin, line } = stage;
  const start = await killableWorkers(stage);
  await admin.addFault({ kind: 'denyActions', actions: ['PutParameter'] });
  let worker = await start();
  const check = () => asked(() => line.check());
  const checks = [check(), check()];
  for (let index = 0; index < kills; index += 1) {
    const since = sandbox.ledger.size;
    if (index === kills / 2) {
      await admin.clearFaults();
      await stage.publish('16.5.0-1');
    }
    // What is asked for while no worker lives waits for one.
    if (index % 5 === 4) checks.push(check());
    if (random.chance(0.5)) await delay(random.between(0, 700));
    else await untilCalled(stage, random.pick(tellingCalls), since);
    await worker.kill();
    worker = await start();
  }
  for (const each of await Promise.all(checks))
    expect((await asked(() => line.settled(each.check))).failed).toEqual([]);
  const last = await check();
  expect(last.started).toEqual([]);
  await line.settled(last.check);

  const builds = await admin.builds();
  const made = builds.filter(({ status }) => status === 'SUCCEEDED');
  const keys = made.map(({ env }) => env['NIGHTSHIFT_KEY']?.value);
  expect(new Set(keys).size).toBe(10);
  expect(keys).toHaveLength(10);
  // One was to fail.
  expect(builds).toHaveLength(11);
  const images = (await admin.images()).filter(({ tags }) => tags[imageTags.key]);
  const living = images.filter(({ state }) => state === 'available');
  expect(images).toHaveLength(living.length);
  for (const where of [region, far]) {
    const there = living.filter((image) => image.region === where);
    expect(new Set(there.map(({ tags }) => tags[imageTags.key])).size, where).toBe(10);
    expect(there, where).toHaveLength(10);
    for (const { tags, sharedWith, snapshotsSharedWith } of there) {
      expect(tags[imageTags.state]).toBe('ready');
      expect([...sharedWith, ...snapshotsSharedWith]).toEqual(['222222222222', '222222222222']);
    }
  }
  expect(await admin.orphanSnapshots()).toEqual([]);
  await expectTracker(stage, 10);
}, 1_200_000);

/** A server takes no update while workers die faster than they begin: who asks then asks again. */
async function asked<T>(work: () => Promise<T>): Promise<T> {
  for (;;)
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof NightshiftError && error.code === 'NoTemporalServer')) throw error;
    }
}

async function untilCalled({ sandbox: { ledger } }: Stage, action: string, since: number) {
  const end = Date.now() + 1_000;
  while (Date.now() < end && ledger.entries({ action, since, limit: 1 }).length === 0)
    await delay(2);
}

/** What others read: all of it, and nothing that the line does not know. */
async function expectTracker({ line }: Stage, count: number): Promise<void> {
  await until(async () => {
    const { found, added } = await line.seed({ from: 'tracker' }).catch((error: unknown) => {
      // It is written once the store is back, not at once.
      if (error instanceof NightshiftError && error.code === 'NotFound') return nothing;
      throw error;
    });
    expect(added).toBe(0);
    return found === count || undefined;
  });
  expect((await line.status()).trackerTrouble).toBeUndefined();
}
