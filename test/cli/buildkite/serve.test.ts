import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { until } from '../../support/temporal/until.js';
import { untilSaid } from '../support/command-folder.js';
import { type Scene, createScene } from './scene.js';

let scene: Scene;
beforeEach(async () => {
  scene = await createScene({
    temporalAddress: inject('temporalAddress'),
    // A worker that is killed is missed after so long.
    config: { pace: { workerTimeout: '2s' } },
  });
});
afterEach(() => scene.close());

/** A job in the queue. */
async function newJob(command: string): Promise<string> {
  const uuid = randomUUID();
  await scene.admin.createBuildkiteJob({ uuid, queue: scene.queue, command });
  return uuid;
}

function serve() {
  return scene.start('buildkite', 'serve', '--local');
}

async function untilEnded(uuid: string) {
  await until(
    'the job ends',
    async () => (await scene.admin.buildkiteJob(uuid)).state === 'finished',
  );
  return await scene.admin.buildkiteJob(uuid);
}

/** That the job’s log is whole, and that it had one build. */
async function expectWhole(uuid: string) {
  const { admin } = scene;
  const job = await admin.buildkiteJob(uuid);
  const builds = (await admin.builds()).filter(
    ({ env }) => env['BUILDKITE_JOB_ID']?.value === uuid,
  );
  expect(builds).toHaveLength(1);
  const { bytes, sha256 } = await admin.buildLog(builds[0]!.id);
  expect(job.log).toMatchObject({ bytes, sha256, conflicts: 0, gaps: [], overlaps: [] });
  expect(job.bytesAtFinish).toBe(bytes);
}

describe('buildkite serve --local, with the smallest config', () => {
  test('says what it serves, and runs the jobs of its queue', async () => {
    const served = serve();
    await untilSaid(served, `serves ${scene.queue} on the task queue "${scene.taskQueue}"`);
    const uuid = await newJob('echo hello from the job; exit 3');
    expect(await untilEnded(uuid)).toMatchObject({ exitStatus: '3', endedBy: 'agent' });
    expect(await scene.admin.buildkiteJobLog(uuid)).toContain('hello from the job\n');
    await expectWhole(uuid);
    expect(served.written().stdout).toBe('');
    served.signal('SIGTERM');
    expect(await served.finished).toMatchObject({ code: 0, stdout: '' });
  });

  const gate = () => join(scene.folder, 'gate');
  const openGate = () => writeFile(gate(), '');
  /** Says something until the gate is open. */
  const newLongJob = () =>
    newJob(
      `i=0; while [ ! -e '${gate()}' ]; do i=$((i+1)); echo "line $i"; sleep 0.5; done; exit 3`,
    );

  test('ends with 0 at SIGTERM while a job runs, takes no more, and the next serve finishes it', async () => {
    const first = serve();
    const uuid = await newLongJob();
    await until(
      'its log has come',
      async () => (await scene.admin.buildkiteJob(uuid)).log.chunks > 0,
    );
    first.signal('SIGTERM');
    await untilSaid(first, 'stops: it takes no more jobs');
    const { code } = await first.finished;
    expect(code).toBe(0);
    const later = await newJob('echo later');
    expect((await scene.admin.buildkiteJob(uuid)).state).toBe('running');
    await delay(500);
    expect((await scene.admin.buildkiteJob(later)).state).toBe('scheduled');
    const second = serve();
    await untilSaid(second, `serves ${scene.queue}`);
    await openGate();
    expect(await untilEnded(uuid)).toMatchObject({ exitStatus: '3', endedBy: 'agent' });
    await expectWhole(uuid);
    expect(await untilEnded(later)).toMatchObject({ exitStatus: '0' });
    second.signal('SIGTERM');
    expect((await second.finished).code).toBe(0);
  });

  test('goes on with every job where it was after SIGKILL', async () => {
    const first = serve();
    const uuids = [await newLongJob(), await newLongJob()];
    for (const uuid of uuids)
      await until(
        'its log has come',
        async () => (await scene.admin.buildkiteJob(uuid)).log.chunks > 0,
      );
    first.signal('SIGKILL');
    await first.finished;
    const second = serve();
    await untilSaid(second, `serves ${scene.queue}`);
    await openGate();
    for (const uuid of uuids) {
      expect(await untilEnded(uuid)).toMatchObject({ exitStatus: '3', endedBy: 'agent' });
      await expectWhole(uuid);
    }
    second.signal('SIGINT');
    expect((await second.finished).code).toBe(0);
  });
});
