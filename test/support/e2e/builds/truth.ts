import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import type { BuildState } from '../../../../sandbox/admin/build-schema.js';
import type { BuildkiteAgentState, BuildkiteJobState } from '../../../../sandbox/buildkite/view.js';
import type { BuildHandle } from '../../../../src/client/index.js';
import type { JobResult } from '../../../../src/domain/buildkite/result.js';
import { until } from '../../temporal/until.js';
import { type PracticeBuild, type PracticeJob, region } from './fleet.js';
import type { Night } from './night.js';
import type { BuildsScene } from './scene.js';

type AgentState = BuildkiteAgentState['state'];

/** Waits for the end of all of it, and holds what Nightshift tells against what the sandbox knows. */
export async function expectNight(night: Night, scene: BuildsScene): Promise<void> {
  for (const { practice, handle } of night.begun) await expectBuild(practice, handle, scene);
  for (const job of night.jobs) await expectJob(job, scene);
  await scene.admin.clearFaults();
  await expectOneStartEach(scene);
  await expectNothingOrphaned(scene);
  await expectNothingLeft(scene);
}

/** It ended as it had to, of one start, and its log is in its file, byte for byte. */
async function expectBuild(
  practice: PracticeBuild,
  handle: BuildHandle,
  scene: BuildsScene,
): Promise<void> {
  const { status, exitStatus, log, buildId, earlier } = await handle.result();
  const { name, ends } = practice;
  expect({ name, status, exitStatus }).toEqual({
    name,
    status: ends,
    exitStatus: practice.exitStatus,
  });
  const builds = await buildsOf(handle.workflowId, scene);
  const ids = builds.map(({ id }) => id);
  expect(ids, `builds of ${name}`).toEqual([...earlier.map((one) => one.buildId), buildId]);
  expect(ids, `builds of ${name}`).toHaveLength(practice.builds ?? 1);
  const texts = await Promise.all(
    ids.map(async (id) => (await scene.admin.buildLog(id, { text: true })).text ?? ''),
  );
  const written = await readFile(scene.logFile(practice));
  const whole = Buffer.from(texts.join(''));
  expect(
    { name, bytes: written.length, sha256: sha256(written), told: log.bytes, lost: log.lost },
    `the log of ${name}`,
  ).toEqual({ name, bytes: whole.length, sha256: sha256(whole), told: whole.length, lost: 0 });
}

/** It ran once and ended as it had to, and Buildkite had the whole of its build's log by then. */
async function expectJob(job: PracticeJob, scene: BuildsScene): Promise<void> {
  const { name, uuid, ends, exitStatus = 0, bytes: least = 0 } = job;
  const told = await jobResult(uuid, scene);
  const seen = await scene.admin.buildkiteJob(uuid);
  expect(endOf(name, seen), `the end of ${name}`).toEqual(
    ends === 'canceled'
      ? { name, state: ends, exitStatus: '-1', by: 'agent', signal: 'SIGTERM', reason: 'cancel' }
      : { name, state: ends, exitStatus: String(exitStatus), by: 'agent' },
  );
  expect({ name, outcome: told.outcome, exitStatus: told.exitStatus }).toEqual({
    name,
    outcome: ends === 'canceled' ? 'cancelled' : 'finished',
    exitStatus,
  });
  const builds = await buildsOf(`buildkite-job/${uuid}/build`, scene);
  expect(builds, `builds of ${name}`).toHaveLength(1);
  const log = await scene.admin.buildLog(builds[0]?.id ?? '', { text: false });
  const { bytes, sha256: digest, conflicts, gaps, overlaps, missing } = seen.log;
  expect(
    { name, bytes, digest, conflicts, gaps, overlaps, missing, atFinish: seen.bytesAtFinish },
    `the log of ${name}`,
  ).toEqual({
    name,
    bytes: log.bytes,
    digest: log.sha256,
    conflicts: 0,
    gaps: [],
    overlaps: [],
    missing: [],
    atFinish: log.bytes,
  });
  expect(seen.chunksFailedCount, `chunks of ${name} that failed`).toBe(0);
  expect(told.log).toMatchObject({ bytes, lost: 0 });
  expect(bytes, `the log of ${name}`).toBeGreaterThanOrEqual(least);
}

function endOf(name: string, job: BuildkiteJobState) {
  const { state, exitStatus, endedBy: by, signal, signalReason } = job;
  return {
    name,
    state,
    exitStatus,
    by,
    ...(signal === undefined ? {} : { signal }),
    ...(signalReason === undefined ? {} : { reason: signalReason }),
  };
}

async function jobResult(uuid: string, scene: BuildsScene): Promise<JobResult> {
  const hasEnded = async () => (await scene.admin.buildkiteJob(uuid)).finishedAt !== undefined;
  await until(`job ${uuid} has ended`, hasEnded, 300_000);
  return await scene.nightshift.buildkite.job(uuid).result();
}

/** Every build that was ever started has a workflow of its own to answer for it, and has ended. */
async function expectOneStartEach({ admin, sandbox }: BuildsScene): Promise<void> {
  const starts = sandbox.ledger
    .entries({ action: 'StartBuild', effective: true })
    .map(({ subject }) => subject);
  const builds = await admin.builds();
  expect(starts.sort()).toEqual(builds.map(({ id }) => id).sort());
  const tokens = builds.map(({ env }) => env['NIGHTSHIFT_BUILD_TOKEN']?.value);
  expect(new Set(tokens).size, 'one build for each start').toBe(builds.length);
  const left = builds.filter(({ status }) => status === 'IN_PROGRESS');
  expect(left, 'builds that still run').toEqual([]);
}

async function expectNothingOrphaned(scene: BuildsScene): Promise<void> {
  expect(await scene.sweep()).toMatchObject({ stopped: [], finished: [], troubles: [] });
}

/**
 * No workflow but the queues', no agent, no token of a job is left; then the queues end, too.
 *
 * @param ofJobs what has become of the agents that have had jobs
 */
export async function expectNothingLeft(
  scene: BuildsScene,
  ofJobs: AgentState = 'disconnected',
): Promise<void> {
  const { admin, nightshift, queues, sandbox, account } = scene;
  const names = Object.values(queues);
  const ofQueues = names.map((queue) => `buildkite-queue/${queue}`).sort();
  await until('only the queues go on', async () =>
    (await scene.workflows.open()).every((id) => ofQueues.includes(id)),
  );
  const standing = await nightshift.buildkite.status();
  expect(standing.map(({ queue }) => queue)).toEqual(names.sort());
  for (const { queue, running, waiting, trouble } of standing)
    expect({ queue, running, waiting, trouble }).toEqual({ queue, running: [], waiting: [] });

  for (const queue of names) await nightshift.buildkite.stop(queue);
  await until('nothing goes on', async () => (await scene.workflows.open()).length === 0);
  await expectAgentsGone(scene, ofJobs);
  expect(await admin.buildkiteStacks(), 'stacks that are registered').toEqual([]);

  const parameters = [...sandbox.services.ssm.target(account.id, region).keys()];
  expect(parameters.filter((key) => key.startsWith('/nightshift/buildkite/jobs/'))).toEqual([]);
}

async function expectAgentsGone({ admin }: BuildsScene, ofJobs: AgentState): Promise<void> {
  const jobs = await admin.buildkiteJobs();
  const had = new Set(jobs.map(({ agent }) => agent));
  // An agent whose registration was answered to a worker that died is unknown to all but Buildkite: it is lost in time.
  await admin.skip(180);
  const agents = await admin.buildkiteAgents();
  const workers = agents.filter(({ id }) => had.has(id));
  const others = agents.filter(({ id }) => !had.has(id));
  expect(workers.filter(({ state }) => state !== ofJobs)).toEqual([]);
  expect(others.filter(({ state }) => state !== 'disconnected' && state !== 'lost')).toEqual([]);
}

async function buildsOf(
  workflowId: string | undefined,
  { admin }: BuildsScene,
): Promise<BuildState[]> {
  const builds = await admin.builds();
  return builds.filter(({ env }) => env['NIGHTSHIFT_BUILD']?.value === workflowId);
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
