import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeEach, describe, expect, test } from 'vitest';
import { atEnd, until } from '../builds/scenario.js';
import { behaving, madeUp, project, setBuildkiteStage, temporal } from './scenario.js';
import { hasten, loseNext } from './trouble.js';

// Each is named after a defect of the systems that Nightshift replaces, and shows that it has none such.
hasten();

let uuid: string;
beforeEach(() => (uuid = randomUUID()));
const inMadeUp = { CB_PROJECT_NAME: madeUp };
const endless = { phases: { BUILD: 1_000_000 } };

test('“Job finished before its last log was uploaded, so the tail was refused”', async () => {
  const log = { lines: 200, lateSeconds: 20 };
  const env = { ...inMadeUp, ...behaving({ phases: { BUILD: 5 }, log }) };
  const config = { builds: { logDrain: '1500ms' } };
  const { run, admin } = await setBuildkiteStage({ jobs: [{ uuid, env }], config });
  await run(uuid);
  const [job, [build]] = await Promise.all([admin.buildkiteJob(uuid), admin.builds()]);
  const { bytes, sha256, text } = await admin.buildLog(build!.id);
  // Lines came after the build’s end, all of them before the job’s.
  expect(text?.split('\n').length).toBeGreaterThan(200);
  expect(job.bytesAtFinish).toBe(bytes);
  expect(job.log).toMatchObject({ bytes, sha256 });
  expect(job).toMatchObject({ state: 'finished', chunksFailedCount: 0, refusals: [] });
});

test('“One page of log per 10 s: large logs cut”', async () => {
  const env = { ...inMadeUp, ...behaving({ phases: { BUILD: 30 }, log: { bytes: 20_000_000 } }) };
  const { run, admin } = await setBuildkiteStage({ jobs: [{ uuid, env }] });
  const result = await run(uuid);
  const [job, [build]] = await Promise.all([admin.buildkiteJob(uuid), admin.builds()]);
  const { bytes, sha256 } = await admin.buildLog(build!.id);
  expect(bytes).toBeGreaterThan(20_000_000);
  expect(job.bytesAtFinish).toBe(bytes);
  expect(job.log).toMatchObject({ bytes, sha256, conflicts: 0, gaps: [], overlaps: [] });
  expect(result.log).toEqual({ bytes, chunks: job.log.chunks, lost: 0 });
});

describe('“StartBuild retried without a token: two builds for one job”', () => {
  test.each(['before', 'after'] as const)('its answer lost %s it had its effect', async (when) => {
    const { run, admin, sandbox } = await setBuildkiteStage({
      jobs: [{ uuid, command: 'echo x' }],
    });
    const missed = loseNext(sandbox, 'codebuild', ['StartBuild'], when);
    expect(await run(uuid)).toMatchObject({ exitStatus: 0 });
    expect(missed()).toEqual([]);
    expect(await admin.builds()).toHaveLength(1);
  });

  test('every answer lost for a while, and the worker replaced', async () => {
    const stage = await setBuildkiteStage({
      jobs: [{ uuid, command: 'echo x' }],
      fleetBuildkite: { lostAfterSeconds: 10_000, giveAwayAfterSeconds: 20_000 },
    });
    const { admin, sandbox, nightshift, config } = stage;
    const lost = { kind: 'loseResponse', when: 'after', share: 1 } as const;
    await admin.addFault({ ...lost, service: 'codebuild', actions: ['StartBuild'] });
    const job = await nightshift.buildkite.runJob(uuid, { setup: { config } });
    await until(() => sandbox.ledger.entries({ action: 'StartBuild' }).length > 2 || undefined);
    await stage.replaceWorker();
    // A token is good for five minutes.
    await admin.skip(400);
    await admin.clearFaults();
    expect(await job.result()).toMatchObject({ exitStatus: 0 });
    expect(await admin.builds()).toHaveLength(1);
  });
});

describe('“The failure path handed an object where a string was expected, so the job never finished; and it never stopped the build”', () => {
  test('a build that can’t be followed is stopped, and its job finished', async () => {
    const env = { ...inMadeUp, ...behaving(endless) };
    await refuseLogs();
    const { run, admin } = await setBuildkiteStage({ jobs: [{ uuid, env }] });
    const result = await run(uuid);
    const [job, builds] = await Promise.all([admin.buildkiteJob(uuid), admin.builds()]);
    expect(builds.map(({ status }) => status)).toEqual(['STOPPED']);
    // Text: Buildkite refuses anything else.
    expect(job).toMatchObject({ state: 'finished', endedBy: 'agent', exitStatus: '-1' });
    expect(job.refusals).toEqual([]);
    expect(result.reason).toContain('OperationAbortedException: no log today');
    expect(await admin.buildkiteJobLog(uuid)).toContain(result.reason?.split('\n')[0]);
  });

  test('a build that failed for CodeBuild’s own reasons finishes its job', async () => {
    const fail = { kind: 'fault', phase: 'BUILD', message: 'the host went away' };
    const env = { ...inMadeUp, ...behaving({ fail }) };
    const { run, admin } = await setBuildkiteStage({
      jobs: [{ uuid, env }],
      queueConfig: { retry: { attempts: 1 } },
    });
    await run(uuid);
    const job = await admin.buildkiteJob(uuid);
    expect(job).toMatchObject({ state: 'finished', exitStatus: '-1', signalReason: 'agent_stop' });
    expect(job.refusals).toEqual([]);
    expect(await admin.buildkiteJobLog(uuid)).toContain('the host went away');
  });
});

describe('“Only `canceled` was seen, not `canceling`”', () => {
  const env = { ...inMadeUp, ...behaving(endless) };
  test.each([
    ['canceling', 'state', 1, 'cancel'],
    ['canceled', 'state', 2, 'cancel'],
    ['timing_out', 'state', 1, 'timeOut'],
    ['timed_out', 'state', 2, 'timeOut'],
    ['canceling', '401', 1, 'cancel'],
  ] as const)('%s, told by %s', async (state, cancelAnswers, times, how) => {
    const { admin, nightshift, config } = await setBuildkiteStage({
      jobs: [{ uuid, env }],
      fleetBuildkite: { cancelAnswers },
    });
    const handle = await nightshift.buildkite.runJob(uuid, { setup: { config } });
    await until(async () => ((await admin.builds())[0]?.phase === 'BUILD' ? true : undefined));
    for (let time = 0; time < times; time++)
      await (how === 'cancel' ? admin.cancelBuildkiteJob(uuid) : admin.timeOutBuildkiteJob(uuid));
    expect((await admin.buildkiteJob(uuid)).state).toBe(state);
    const end = { exitStatus: -1, signal: 'SIGTERM', signalReason: 'cancel' };
    expect(await handle.result()).toMatchObject({ ...end, outcome: 'cancelled' });
    expect((await admin.builds()).map(({ status }) => status)).toEqual(['STOPPED']);
    const job = await admin.buildkiteJob(uuid);
    if (times === 1) expect(job).toMatchObject({ ...end, exitStatus: '-1', endedBy: 'agent' });
    expect(job.state).toBe(how === 'cancel' ? 'canceled' : 'timed_out');
  });
});

test('“`CB_PRIVILEGED_MODE_OVERRIDE` was never applied”, as the other overrides are', async () => {
  const env = {
    CB_PRIVILEGED_MODE_OVERRIDE: 'true',
    CB_IMAGE_OVERRIDE: 'aws/codebuild/amazonlinux2-x86_64-standard:5.0',
    CB_COMPUTE_TYPE_OVERRIDE: 'BUILD_GENERAL1_LARGE',
    CB_PROJECT_NAME: madeUp,
  };
  const other = randomUUID();
  const jobs = [{ uuid, env }, { uuid: other }];
  const { run, sandbox } = await setBuildkiteStage({ jobs });
  await run(uuid);
  await run(other);
  const builds = [...sandbox.services.codebuild.builds.all()];
  expect(builds.map((build) => [build.project.name, build.order.environment])).toEqual([
    [
      madeUp,
      expect.objectContaining({
        privilegedMode: true,
        image: env.CB_IMAGE_OVERRIDE,
        computeType: 'BUILD_GENERAL1_LARGE',
      }),
    ],
    [
      project,
      expect.objectContaining({
        privilegedMode: false,
        image: 'aws/codebuild/standard:7.0',
        computeType: 'BUILD_GENERAL1_SMALL',
      }),
    ],
  ]);
});

describe('“A job was accepted before anything that would run it had started”', () => {
  test('a job is accepted by its own workflow alone', async () => {
    const stage = await setBuildkiteStage({ jobs: [{ uuid, command: 'echo x' }] });
    await stage.nightshift.buildkite.serve({ config: stage.config });
    await stage.ended(uuid);
    const client = await temporal();
    const { startTime, historyLength } = await client.workflow
      .getHandle(`buildkite-job/${uuid}`)
      .describe();
    const [accepted] = stage.sandbox.ledger.entries({ action: 'AcceptJob' });
    expect(accepted?.realTime).toBeGreaterThanOrEqual(startTime.getTime());
    expect(historyLength).toBeGreaterThan(3);
  });

  test('one that is handed out while no worker can run it goes back to its queue', async () => {
    const stage = await setBuildkiteStage({ jobs: [{ uuid, command: 'echo x' }] });
    const { admin, sandbox } = stage;
    // It is assigned, and nobody hears of it.
    await admin.addFault({
      kind: 'loseResponse',
      when: 'after',
      share: 1,
      service: 'buildkite',
      actions: ['Ping'],
    });
    await stage.nightshift.buildkite.serve({ config: stage.config });
    await until(async () => (await admin.buildkiteJob(uuid)).state === 'assigned' || undefined);
    await stage.stopWorker();
    expect((await admin.buildkiteJob(uuid)).state).toBe('scheduled');
    expect(sandbox.ledger.entries({ action: 'AcceptJob' })).toEqual([]);
    await admin.clearFaults();
    await stage.startWorker();
    expect(await stage.ended(uuid)).toMatchObject({ exitStatus: 0 });
  });
});

test('“Existing job looked up by one label, created with another”: a job has one workflow, however it is found', async () => {
  const stage = await setBuildkiteStage({ jobs: [{ uuid, command: 'sleep 1' }] });
  const { nightshift, config, admin } = stage;
  await nightshift.buildkite.serve({ config });
  const handles = await Promise.all(
    Array.from({ length: 5 }, () => nightshift.buildkite.runJob(uuid, { setup: { config } })),
  );
  const results = await Promise.all(handles.map((handle) => handle.result()));
  expect(new Set(results.map(({ build }) => build?.buildId)).size).toBe(1);
  expect(await admin.builds()).toHaveLength(1);
});

test('“Query rules compared at index 0 only”: each rule counts, in whatever order', async () => {
  const [mine, wrong, none] = [randomUUID(), randomUUID(), randomUUID()];
  const stage = await setBuildkiteStage({
    intake: 'stacks',
    queueConfig: { tags: ['os=linux', 'arch=arm64'] },
    jobs: [
      { uuid: wrong, tags: ['os=linux', 'arch=x86'] },
      { uuid: mine, tags: ['arch=arm64', 'os=*'] },
      { uuid: none, tags: [] },
    ],
  });
  await stage.nightshift.buildkite.serve({ config: stage.config });
  await Promise.all([stage.ended(mine), stage.ended(none)]);
  expect((await stage.admin.buildkiteJob(wrong)).state).toBe('scheduled');
});

/** In place of CloudWatch Logs: refuses every call in a way that no patience mends. */
async function refuseLogs(): Promise<void> {
  const server = createServer((_request, response) => {
    response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' });
    response.end('{"__type":"OperationAbortedException","message":"no log today"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  process.env['AWS_ENDPOINT_URL_CLOUDWATCH_LOGS'] = `http://127.0.0.1:${port}`;
  atEnd(() => {
    delete process.env['AWS_ENDPOINT_URL_CLOUDWATCH_LOGS'];
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
}
