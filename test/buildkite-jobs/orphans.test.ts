import { randomUUID } from 'node:crypto';
import { CodeBuildClient, StartBuildCommand } from '@aws-sdk/client-codebuild';
import { beforeEach, describe, expect, test } from 'vitest';
import { account, atEnd, region, until } from '../builds/scenario.js';
import { type JobsStage, behaving, madeUp, setBuildkiteStage } from './scenario.js';
import { hasten } from './trouble.js';

hasten();

let uuid: string;
beforeEach(() => (uuid = randomUUID()));

const env = { CB_PROJECT_NAME: madeUp, ...behaving({ phases: { BUILD: 1e6 } }) };

/** A stage whose sweeps look through the project of these jobs. */
function setSweptStage(): Promise<JobsStage> {
  return setBuildkiteStage({ jobs: [{ uuid, env }], queueConfig: { projects: [madeUp] } });
}

/** A job whose build is at work. */
async function begin({ nightshift, config, admin }: JobsStage) {
  const job = await nightshift.buildkite.runJob(uuid, { setup: { config } });
  const build = await until(async () =>
    (await admin.builds()).find(({ phase }) => phase === 'BUILD'),
  );
  return { job, build };
}

async function terminate({ temporal }: JobsStage, ...workflowIds: string[]) {
  for (const id of workflowIds) await temporal.workflow.getHandle(id).terminate('by a test');
}

const both = () => [`buildkite-job/${uuid}`, `buildkite-job/${uuid}/build`];

async function statusOf({ admin }: JobsStage, buildId: string) {
  return (await admin.builds()).find(({ id }) => id === buildId)?.status;
}

test('a job whose workflows are terminated has its build stopped, and is finished as lost', async () => {
  const stage = await setSweptStage();
  const { nightshift, config, admin, sandbox } = stage;
  const { build } = await begin(stage);
  await terminate(stage, ...both());
  await untilListed(stage);
  const result = await nightshift.buildkite.sweep({ config });
  expect(result).toMatchObject({ stopped: [build.id], finished: [uuid], troubles: [] });
  await until(async () => (await statusOf(stage, build.id)) === 'STOPPED' || undefined);
  const job = await admin.buildkiteJob(uuid);
  const end = { exitStatus: '-1', signalReason: 'agent_stop', endedBy: 'agent' };
  expect(job).toMatchObject({ ...end, state: 'finished', refusals: [] });
  const agents = await admin.buildkiteAgents();
  expect(agents.map(({ state }) => state)).toEqual(['disconnected']);
  // Its access token is nobody’s any more.
  const parameter = `/nightshift/buildkite/jobs/${uuid}`;
  expect(sandbox.services.ssm.target(account.id, region).has(parameter)).toBe(false);
});

test('a sweep after that finds nothing more', async () => {
  const stage = await setSweptStage();
  const { nightshift, config } = stage;
  await begin(stage);
  await terminate(stage, ...both());
  await untilListed(stage);
  await nightshift.buildkite.sweep({ config });
  const again = await nightshift.buildkite.sweep({ config });
  expect(again).toMatchObject({ stopped: [], finished: [], troubles: [] });
});

test('a job whose own workflow alone is terminated has its build stopped by the build’s', async () => {
  const stage = await setSweptStage();
  const { build } = await begin(stage);
  await terminate(stage, `buildkite-job/${uuid}`);
  await until(async () => (await statusOf(stage, build.id)) === 'STOPPED' || undefined);
  await untilListed(stage);
  const { finished } = await stage.nightshift.buildkite.sweep({ config: stage.config });
  expect(finished).toEqual([uuid]);
});

test('a job whose build’s workflow alone is terminated is told as lost, and its build swept', async () => {
  const stage = await setSweptStage();
  const { job, build } = await begin(stage);
  await terminate(stage, `buildkite-job/${uuid}/build`);
  expect(await job.result()).toMatchObject({ exitStatus: -1 });
  expect(await stage.admin.buildkiteJob(uuid)).toMatchObject({
    state: 'finished',
    exitStatus: '-1',
  });
  const { stopped } = await stage.nightshift.buildkite.sweep({ config: stage.config });
  expect(stopped).toEqual([build.id]);
});

test('one job that can’t be asked hides no other', async () => {
  const stage = await setSweptStage();
  const { nightshift, config, temporal, taskQueue } = stage;
  await begin(stage);
  await stage.stopWorker();
  // Terminated before any worker has seen it: there is nothing in it to be asked.
  const unseen = `buildkite-job/${randomUUID()}`;
  await temporal.workflow.start('buildkiteJob', { workflowId: unseen, taskQueue, args: [{}] });
  await terminate(stage, ...both(), unseen);
  await stage.startWorker();
  await untilListed(stage, 2);
  const { finished } = await nightshift.buildkite.sweep({ config });
  expect(finished).toEqual([uuid]);
});

describe('a sweep lets alone', () => {
  test('a build that its workflow follows, and its job', async () => {
    const stage = await setSweptStage();
    const { job, build } = await begin(stage);
    const result = await stage.nightshift.buildkite.sweep({ config: stage.config });
    expect(result).toMatchObject({ stopped: [], finished: [], troubles: [] });
    expect(await statusOf(stage, build.id)).toBe('IN_PROGRESS');
    expect((await stage.admin.buildkiteJob(uuid)).state).toBe('running');
    await job.cancel();
    await job.result();
  });

  test.each([
    ['that nobody has marked', {}],
    [
      'of another installation',
      {
        NIGHTSHIFT_BUILD: 'gone',
        NIGHTSHIFT_BUILD_TOKEN: 'x',
        NIGHTSHIFT_BUILD_ORIGIN: 'other/default',
      },
    ],
  ])('a build %s', async (_, markers) => {
    const stage = await setSweptStage();
    const client = codeBuild(stage);
    const variables = Object.entries({ ...env, ...markers });
    const { build } = await client.send(
      new StartBuildCommand({
        projectName: madeUp,
        environmentVariablesOverride: variables.map(([name, value]) => ({ name, value })),
      }),
    );
    const { stopped, projects } = await stage.nightshift.buildkite.sweep({ config: stage.config });
    expect(stopped).toEqual([]);
    expect(projects).toBe(2);
    expect(await statusOf(stage, build?.id ?? '')).toBe('IN_PROGRESS');
  });
});

test('a workflow whose name is used again keeps its build; that of the one before is stopped', async () => {
  const stage = await setSweptStage();
  const { temporal, taskQueue, admin, config, nightshift } = stage;
  const workflowId = `again-${randomUUID()}`;
  const start = () =>
    temporal.workflow.start('codebuildBuild', {
      workflowId,
      taskQueue,
      args: [
        {
          account: account.name,
          region,
          project: madeUp,
          env: behaving({ phases: { BUILD: 1e6 } }),
          setup: { config },
        },
      ],
    });
  await start();
  const first = await until(async () => (await admin.builds())[0]);
  await temporal.workflow.getHandle(workflowId).terminate();
  await start();
  const second = await until(async () => (await admin.builds())[1]);
  const { stopped } = await nightshift.buildkite.sweep({ config });
  expect(stopped).toEqual([first.id]);
  expect(await statusOf(stage, second.id)).toBe('IN_PROGRESS');
});

describe('the schedule of sweeps', () => {
  const scheduleOf = ({ temporal, taskQueue }: JobsStage) =>
    temporal.schedule.getHandle(`nightshift-sweep/${taskQueue}`);

  test('is there once a queue is served, and changes with builds.orphanSweep', async () => {
    const stage = await setBuildkiteStage();
    const { nightshift, config } = stage;
    await nightshift.buildkite.serve({ config });
    const every = async () => (await scheduleOf(stage).describe()).spec.intervals?.[0]?.every;
    expect(await every()).toBe(600_000);
    await nightshift.buildkite.serve({
      config: { ...config, builds: { ...config.builds!, orphanSweep: '1h' } },
    });
    expect(await every()).toBe(3_600_000);
  });

  test('sweeps by itself', async () => {
    const stage = await setBuildkiteStage({
      jobs: [{ uuid, env }],
      queueConfig: { projects: [madeUp] },
      config: { builds: { orphanSweep: '1s' } },
    });
    const { nightshift, config, admin } = stage;
    await nightshift.buildkite.scheduleSweep({ config });
    atEnd(() => scheduleOf(stage).delete());
    const { build } = await begin(stage);
    await terminate(stage, ...both());
    await until(async () => (await statusOf(stage, build.id)) === 'STOPPED' || undefined);
    await until(async () => (await admin.buildkiteJob(uuid)).state === 'finished' || undefined);
  });

  test('that a person has paused stays paused when a worker starts', async () => {
    const stage = await setBuildkiteStage();
    const { nightshift, config } = stage;
    await nightshift.buildkite.scheduleSweep({ config });
    await scheduleOf(stage).pause('not now');
    await nightshift.buildkite.scheduleSweep({ config });
    expect((await scheduleOf(stage).describe()).state.paused).toBe(true);
  });
});

/** Lists of workflows know of an end a moment later. */
async function untilListed({ temporal, taskQueue }: JobsStage, count = 1): Promise<void> {
  const query = `WorkflowType = 'buildkiteJob' AND TaskQueue = '${taskQueue}' AND ExecutionStatus = 'Terminated'`;
  await until(async () => (await temporal.workflow.count(query)).count >= count || undefined);
}

function codeBuild({ sandbox }: JobsStage): CodeBuildClient {
  const client = new CodeBuildClient({
    endpoint: sandbox.url,
    region,
    credentials: { accessKeyId: account.id, secretAccessKey: 'sandbox' },
  });
  atEnd(() => Promise.resolve(client.destroy()));
  return client;
}
