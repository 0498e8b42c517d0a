import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeEach, describe, expect, test } from 'vitest';
import { atEnd, until } from '../builds/scenario.js';
import { chance } from '../support/e2e/seed.js';
import { type JobsStage, behaving, madeUp, patient, setBuildkiteStage } from './scenario.js';
import { hasten, loseNext } from './trouble.js';

hasten();

let uuid: string;
beforeEach(() => (uuid = randomUUID()));

const speak = 'for i in 1 2 3 4 5 6 7 8 9; do echo "line $i"; sleep 0.2; done; exit 3';
const inMadeUp = { CB_PROJECT_NAME: madeUp };

/** That a job was run once, told as it ended, and nothing of its log was lost or doubled. */
async function expectRunOnce({ admin, sandbox }: JobsStage, id: string, exitStatus: string) {
  const job = await admin.buildkiteJob(id);
  expect(job).toMatchObject({ state: 'finished', endedBy: 'agent', exitStatus });
  const builds = (await admin.builds()).filter(({ env }) => env['BUILDKITE_JOB_ID']?.value === id);
  expect(builds).toHaveLength(1);
  const { bytes, sha256 } = await admin.buildLog(builds[0]!.id);
  expect(job.log).toMatchObject({ bytes, sha256, conflicts: 0, gaps: [], overlaps: [] });
  expect(job.bytesAtFinish).toBe(bytes);
  const finishes = sandbox.ledger.entries({ action: 'FinishJob', subject: id, effective: true });
  expect(finishes).toHaveLength(1);
}

const everyCall = [
  'Register',
  'Connect',
  'StartJob',
  'Heartbeat',
  'GetJobState',
  'UploadChunk',
  'SetData',
  'FinishJob',
  'Disconnect',
];

describe.each(['before', 'after'] as const)(
  'an answer that is lost %s the call had its effect',
  (when) => {
    test.each([
      ['agent', ['Ping', 'AcceptJob', ...everyCall]],
      [
        'stacks',
        ['StackRegister', 'StackScheduledJobs', 'StackBatchReserve', 'AcquireJob', ...everyCall],
      ],
    ] as const)(
      'changes nothing for a job that intake %s found, whichever call it is',
      async (intake, calls) => {
        const stage = await setBuildkiteStage({ intake, jobs: [{ uuid, command: speak }] });
        const missed = loseNext(stage.sandbox, 'buildkite', calls, when);
        await stage.nightshift.buildkite.serve({ config: stage.config });
        expect(await stage.ended(uuid)).toMatchObject({ outcome: 'finished', exitStatus: 3 });
        await until(() => missed().length === 0 || undefined);
        await expectRunOnce(stage, uuid, '3');
        const job = await stage.admin.buildkiteJob(uuid);
        const agent = async () =>
          (await stage.admin.buildkiteAgents()).find(({ id }) => id === job.agent);
        await until(async () => (await agent())?.state === 'disconnected' || undefined);
      },
    );
  },
);

test('jobs run once each while a fifth of all answers is lost', async () => {
  const random = chance('answers lost');
  const jobs = Array.from({ length: 4 }, () => ({ uuid: randomUUID(), command: speak }));
  const lost = { kind: 'loseResponse', service: 'buildkite', share: 0.2 } as const;
  const stage = await setBuildkiteStage({
    jobs,
    fleet: { seed: random.integer(1, 1_000_000) },
  });
  await stage.admin.setFaults([
    { ...lost, when: 'before' },
    { ...lost, when: 'after' },
  ]);
  await stage.nightshift.buildkite.serve({ config: stage.config });
  for (const job of jobs) await stage.ended(job.uuid);
  for (const job of jobs) await expectRunOnce(stage, job.uuid, '3');
});

test('jobs run once each while a third of all calls is throttled, and no call comes before Buildkite asked', async () => {
  const stage = await setBuildkiteStage({
    jobs: [{ uuid, command: speak }],
    config: patient,
  });
  await stage.admin.addFault({ kind: 'throttle', service: 'buildkite', share: 0.3 });
  await stage.nightshift.buildkite.serve({ config: stage.config });
  await stage.ended(uuid);
  await expectRunOnce(stage, uuid, '3');
  const calls = stage.sandbox.ledger.entries({ action: 'UploadChunk' });
  for (const [index, { outcome, realTime }] of calls.entries()) {
    const next = calls[index + 1];
    if (outcome === 'throttled' && next) expect(next.realTime - realTime).toBeGreaterThan(900);
  }
});

describe('an agent that Buildkite hears nothing of', () => {
  test.each([
    ['its next heartbeat', 1, 60, { outcome: 'lost', signalReason: 'agent_stop' }],
    // Refused as it is once the job is cancelled.
    ['the state of its job', 60, 1, { outcome: 'cancelled' }],
  ])(
    'has its job given away; learns it by %s, and stops its build',
    async (_, heartbeatInterval, jobStatusInterval, end) => {
      const env = { ...inMadeUp, ...behaving({ phases: { BUILD: 1_000_000 } }) };
      const { admin, nightshift, config } = await setBuildkiteStage({
        jobs: [{ uuid, env }],
        fleetBuildkite: {
          heartbeatInterval,
          jobStatusInterval,
          lostAfterSeconds: 2_000,
          giveAwayAfterSeconds: 2_100,
        },
      });
      const job = await nightshift.buildkite.runJob(uuid, { setup: { config } });
      await until(async () => (await admin.builds())[0]?.phase === 'BUILD' || undefined);
      await admin.skip(2_200);
      expect(await job.result()).toMatchObject({ ...end, exitStatus: -1 });
      expect((await admin.builds()).map(({ status }) => status)).toEqual(['STOPPED']);
      const { state, endedBy, exitStatus } = await admin.buildkiteJob(uuid);
      expect([state, endedBy, exitStatus]).toEqual(['finished', 'buildkite', '-1']);
    },
  );

  test('is none of ours as long as its build lasts', async () => {
    const env = { ...inMadeUp, ...behaving({ phases: { BUILD: 100 } }) };
    const fleetBuildkite = { lostAfterSeconds: 40, giveAwayAfterSeconds: 50 };
    const stage = await setBuildkiteStage({ jobs: [{ uuid, env }], fleetBuildkite, speed: 1e-6 });
    const { sandbox, nightshift, config } = stage;
    const heartbeats = () => sandbox.ledger.entries({ action: 'Heartbeat', outcome: 'ok' }).length;
    const job = await nightshift.buildkite.runJob(uuid, { setup: { config } });
    let isOver = false;
    const ended = job.result().finally(() => (isOver = true));
    // Time passes with each heartbeat, more of it in all than an agent may be silent for.
    for (let heard = heartbeats(); !isOver; heard = heartbeats()) {
      await until(() => isOver || heartbeats() > heard || undefined);
      sandbox.clock.skip(30);
    }
    expect(await ended).toMatchObject({ outcome: 'finished', exitStatus: 0 });
    await expectRunOnce(stage, uuid, '0');
  });
});

test('a log that is longer than Buildkite takes is cut there, and the job ends as its command did', async () => {
  const command = 'for i in $(seq 100 199); do echo "this is line $i"; done; exit 3';
  const stage = await setBuildkiteStage({
    jobs: [{ uuid, command }],
    fleetBuildkite: { logMaxBytes: 1_000, chunkBytes: 300 },
  });
  const result = await stage.run(uuid);
  const job = await stage.admin.buildkiteJob(uuid);
  const [build] = await stage.admin.builds();
  const { text } = await stage.admin.buildLog(build!.id);
  expect(await stage.admin.buildkiteJobLog(uuid)).toBe(text?.slice(0, 1_000));
  expect(job).toMatchObject({ exitStatus: '3', refusals: [] });
  expect(result.log.lost).toBeGreaterThan(0);
  expect(job.chunksFailedCount).toBe(result.log.lost);
});

describe('a job with a token of its own', () => {
  const fleetBuildkite = { jobTokens: true };

  test('is spoken of by that token, and its build is given it', async () => {
    const command = `echo "token $BUILDKITE_AGENT_ACCESS_TOKEN"; ${speak}`;
    const stage = await setBuildkiteStage({ jobs: [{ uuid, command }], fleetBuildkite });
    await stage.run(uuid);
    await expectRunOnce(stage, uuid, '3');
    const { refusals, log } = await stage.admin.buildkiteJob(uuid);
    expect(refusals.filter(({ action }) => action !== 'GetJobState')).toEqual([]);
    expect(log.bytes).toBeGreaterThan(0);
    expect(await stage.admin.buildkiteJobLog(uuid)).toMatch(/^token bkjt_/m);
  });

  test('is found by a ping as well, and its answers may be lost', async () => {
    const stage = await setBuildkiteStage({ jobs: [{ uuid, command: speak }], fleetBuildkite });
    const missed = loseNext(
      stage.sandbox,
      'buildkite',
      ['AcceptJob', 'StartJob', 'FinishJob'],
      'after',
    );
    await stage.nightshift.buildkite.serve({ config: stage.config });
    expect(await stage.ended(uuid)).toMatchObject({ outcome: 'finished', exitStatus: 3 });
    expect(missed()).toEqual([]);
    await expectRunOnce(stage, uuid, '3');
  });
});

test('headers that Buildkite hands out are sent with every call', async () => {
  const stage = await setBuildkiteStage({
    jobs: [{ uuid, command: speak }],
    // Without them every call is refused.
    fleetBuildkite: { requestHeaders: { 'Buildkite-Hello': 'from-register' } },
  });
  await stage.nightshift.buildkite.serve({ config: stage.config });
  await stage.ended(uuid);
  await expectRunOnce(stage, uuid, '3');
  expect((await stage.admin.buildkiteJob(uuid)).refusals).toEqual([]);
});

test('a job that is locked is asked for again, until it may be taken', async () => {
  const stage = await setBuildkiteStage({
    jobs: [{ uuid, command: speak }],
    config: patient,
  });
  const { admin, sandbox, nightshift, config } = stage;
  await admin.lockBuildkiteJob(uuid, true);
  const job = await nightshift.buildkite.runJob(uuid, { setup: { config } });
  await until(() => sandbox.ledger.entries({ action: 'AcquireJob' }).length > 1 || undefined);
  await admin.lockBuildkiteJob(uuid, false);
  expect(await job.result()).toMatchObject({ exitStatus: 3 });
  const { backoffSequences } = await admin.buildkiteJob(uuid);
  expect(backoffSequences).toEqual(backoffSequences.map((_, index) => index));
});

test('an agent that is sent elsewhere calls there from then on, for its job too', async () => {
  const stage = await setBuildkiteStage({ config: patient });
  const { admin, nightshift, config, queue } = stage;
  const { url, calls } = await startRelay(stage.sandbox.url);
  await nightshift.buildkite.serve({ config });
  const [agent] = await until(async () => {
    const agents = await admin.buildkiteAgents();
    return agents.some(({ pings }) => pings > 0) ? agents : undefined;
  });
  await admin.instructBuildkiteAgent({ id: agent!.id, endpoint: `${url}/v3` });
  await until(() => calls.includes('GET /v3/ping') || undefined);
  await admin.createBuildkiteJob({ uuid, queue, command: speak });
  await stage.ended(uuid);
  await expectRunOnce(stage, uuid, '3');
  for (const step of ['accept', 'start', 'finish'])
    expect(calls).toContain(`PUT /v3/jobs/${uuid}/${step}`);
  expect(calls).toContain(`POST /v3/jobs/${uuid}/chunks`);
  expect(calls).toContain('POST /v3/heartbeat');
});

/** Another address of a sandbox. */
async function startRelay(to: string): Promise<{ url: string; calls: string[] }> {
  const calls: string[] = [];
  const server = createServer((request, response) => {
    calls.push(`${request.method ?? ''} ${(request.url ?? '').replace(/\?.*/, '')}`);
    const body: Buffer[] = [];
    request.on('data', (part: Buffer) => body.push(part));
    request.on('end', () => void relay(Buffer.concat(body)));
    const relay = async (bytes: Buffer) => {
      const { connection: _connection, host: _host, ...headers } = request.headers;
      const answer = await fetch(`${to}${request.url ?? ''}`, {
        method: request.method ?? 'GET',
        headers: headers as Record<string, string>,
        ...(bytes.length > 0 ? { body: new Uint8Array(bytes) } : {}),
      });
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      response.end(await answer.text());
    };
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls };
}
