import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { account, region, until } from '../builds/scenario.js';
import {
  type JobsStage,
  agentToken,
  behaving,
  madeUp,
  newQueue,
  setBuildkiteStage,
  tokenName,
} from './scenario.js';
import { hasten } from './trouble.js';

hasten();

let uuid: string;
beforeEach(() => (uuid = randomUUID()));

const inMadeUp = { CB_PROJECT_NAME: madeUp };

/** That a job ended as one that could not be run, and that its log says why. */
async function expectNotRun({ admin }: JobsStage, why: RegExp): Promise<string> {
  const job = await admin.buildkiteJob(uuid);
  expect(job).toMatchObject({
    state: 'finished',
    endedBy: 'agent',
    exitStatus: '-1',
    refusals: [],
  });
  expect(job.signalReason).toBe('process_run_error');
  const log = await admin.buildkiteJobLog(uuid);
  expect(log).toMatch(/^\+\+\+ Nightshift: no build was run\n/);
  expect(log).toMatch(why);
  expect(job.bytesAtFinish).toBe(Buffer.byteLength(log));
  return log;
}

describe('a job whose override is not allowed ends with what is', () => {
  test.each([
    ['CB_PRIVILEGED_MODE_OVERRIDE', 'yes', /must be true or false/],
    ['CB_COMPUTE_TYPE_OVERRIDE', 'large', /BUILD_GENERAL1_SMALL, BUILD_GENERAL1_MEDIUM/],
    ['CB_IMAGE_OVERRIDE', 'my image', /such as aws\/codebuild\/standard:7\.0/],
    ['CB_PROJECT_NAME', 'deploys', /must be one of buildkite-jobs, made-up/],
  ])('%s=%s', async (name, value, allowed) => {
    const stage = await setBuildkiteStage({
      jobs: [{ uuid, env: { [name]: value } }],
      queueConfig: { projects: [madeUp] },
    });
    const result = await stage.run(uuid);
    const log = await expectNotRun(stage, allowed);
    expect(log).toContain(`${name}="${value}" is not allowed`);
    expect(result).toMatchObject({ outcome: 'finished', signalReason: 'process_run_error' });
    expect(result.reason).toMatch(allowed);
    expect(stage.sandbox.ledger.entries({ action: 'StartBuild' })).toEqual([]);
  });

  test('and with all that is wrong at once', async () => {
    const env = { CB_PRIVILEGED_MODE_OVERRIDE: 'yes', CB_COMPUTE_TYPE_OVERRIDE: 'large' };
    const stage = await setBuildkiteStage({ jobs: [{ uuid, env }] });
    await stage.run(uuid);
    const log = await expectNotRun(stage, /CB_PRIVILEGED_MODE_OVERRIDE/);
    expect(log).toContain('CB_COMPUTE_TYPE_OVERRIDE="large" is not allowed');
  });
});

describe('a job whose build can’t be started ends with a reason in its log', () => {
  test('a project that is not there', async () => {
    const env = { CB_PROJECT_NAME: 'no-such-project' };
    const stage = await setBuildkiteStage({ jobs: [{ uuid, env }] });
    await stage.run(uuid);
    await expectNotRun(stage, /a build of no-such-project can’t be started.*cannot be found/s);
  });

  test('an action that is denied', async () => {
    const stage = await setBuildkiteStage({ jobs: [{ uuid }] });
    await stage.admin.addFault({
      kind: 'denyActions',
      service: 'codebuild',
      actions: ['StartBuild'],
    });
    await stage.run(uuid);
    await expectNotRun(stage, /a build of buildkite-jobs can’t be started.*not authorized/is);
  });

  test('what CodeBuild itself refuses', async () => {
    const env = { CB_COMPUTE_TYPE_OVERRIDE: 'BUILD_LAMBDA_1GB' };
    const stage = await setBuildkiteStage({ jobs: [{ uuid, env }] });
    await stage.run(uuid);
    await expectNotRun(stage, /can’t be started.*BUILD_LAMBDA_1GB/s);
  });

  test('a token that can’t be put where the build finds it', async () => {
    const stage = await setBuildkiteStage({ jobs: [{ uuid }] });
    await stage.admin.addFault({ kind: 'denyActions', service: 'ssm', actions: ['PutParameter'] });
    await stage.run(uuid);
    await expectNotRun(stage, new RegExp(`the token of job ${uuid} can’t be kept`));
    expect(await stage.admin.builds()).toEqual([]);
  });

  test('a machine that CodeBuild has none of, after as many builds as configured', async () => {
    const env = { ...inMadeUp, ...behaving({ fail: { kind: 'provisioning' } }) };
    const stage = await setBuildkiteStage({
      jobs: [{ uuid, env }],
      queueConfig: { retry: { attempts: 2, delay: '10ms' } },
    });
    const result = await stage.run(uuid);
    expect(await stage.admin.builds()).toHaveLength(2);
    expect(result.reason).toBeDefined();
    expect(await stage.admin.buildkiteJobLog(uuid)).toContain(
      '+++ Nightshift: the build did not come to its end\n',
    );
    expect(await stage.admin.buildkiteJob(uuid)).toMatchObject({ state: 'finished', refusals: [] });
  });

  test('a build that is stopped by somebody else', async () => {
    const env = { ...inMadeUp, ...behaving({ phases: { BUILD: 1e6 } }) };
    const stage = await setBuildkiteStage({ jobs: [{ uuid, env }] });
    const { admin, nightshift, config } = stage;
    const job = await nightshift.buildkite.runJob(uuid, { setup: { config } });
    const build = await until(async () => {
      const [first] = await admin.builds();
      return first?.phase === 'BUILD' ? first : undefined;
    });
    await admin.changeBuild({ id: build.id, status: 'STOPPED' });
    await job.result();
    const end = { exitStatus: '-1', signal: 'SIGTERM', signalReason: 'agent_stop' };
    expect(await admin.buildkiteJob(uuid)).toMatchObject({ ...end, state: 'finished' });
    expect(await admin.buildkiteJobLog(uuid)).toContain('was stopped in BUILD');
  });
});

test('a job waits while CodeBuild has no room, and runs as soon as it has', async () => {
  const full = { account: account.name, region, name: madeUp, concurrentBuildLimit: 1 };
  const other = randomUUID();
  const env = { ...inMadeUp, ...behaving({ phases: { BUILD: 1e6 } }) };
  const stage = await setBuildkiteStage({
    fleet: { projects: [full] },
    jobs: [
      { uuid: other, env },
      { uuid, env: inMadeUp },
    ],
  });
  const { nightshift, config, sandbox } = stage;
  const first = await nightshift.buildkite.runJob(other, { setup: { config } });
  await until(() => sandbox.ledger.entries({ action: 'StartBuild', effective: true })[0]);
  const job = await nightshift.buildkite.runJob(uuid, { setup: { config } });
  const outcome = 'AccountLimitExceededException';
  await until(() => sandbox.ledger.entries({ action: 'StartBuild', outcome })[0]);
  await first.cancel();
  await first.result();
  expect(await job.result()).toMatchObject({ outcome: 'finished', exitStatus: 0 });
});

test.each(['Register', 'Connect', 'AcquireJob'])(
  'a reserved job that no agent can take, %s being refused, is given back with a detail',
  async (action) => {
    const stage = await setBuildkiteStage({ intake: 'stacks', jobs: [{ uuid }] });
    const { admin, nightshift, config } = stage;
    await admin.addFault({ kind: 'denyActions', service: 'buildkite', actions: [action] });
    await nightshift.buildkite.serve({ config });
    await until(async () => (await admin.buildkiteJob(uuid)).state === 'finished' || undefined);
    const job = await admin.buildkiteJob(uuid);
    expect(job).toMatchObject({ endedBy: 'stack', exitStatus: '-1' });
    expect(job.detail).toMatch(/^Nightshift could not take the job: .*/);
    expect(await admin.builds()).toEqual([]);
  },
);

describe.each(['agent', 'stacks'] as const)('trouble of a queue with intake %s', (intake) => {
  const callsOf = ({ sandbox }: JobsStage) =>
    sandbox.ledger.entries({ service: 'buildkite' }).length;
  const troubleOf = ({ nightshift, queue }: JobsStage) =>
    until(async () => {
      const all = await nightshift.buildkite.status();
      return all.find((each) => each.queue === queue)?.trouble;
    });

  test('a wrong agent token is shown, tried seldom, and put right by serving again', async () => {
    const stage = await setBuildkiteStage({
      intake,
      jobs: [{ uuid }],
      fleet: { parameters: [{ name: tokenName, value: 'wrong', type: 'SecureString' }] },
    });
    const { nightshift, config, sandbox } = stage;
    await nightshift.buildkite.serve({ config });
    expect(await troubleOf(stage)).toMatch(/401.*No agent token of a cluster/);
    const before = callsOf(stage);
    expect(before).toBeLessThan(4);
    await delay(1_500);
    expect(callsOf(stage)).toBe(before);
    const parameters = sandbox.services.ssm.target('000000000000', region);
    parameters.set(tokenName, { ...parameters.get(tokenName)!, value: agentToken, version: 2 });
    await nightshift.buildkite.serve({ config });
    await stage.ended(uuid);
    const [status] = await nightshift.buildkite.status();
    expect(status?.trouble).toBeUndefined();
  });

  test('a parameter that is not there is named', async () => {
    const stage = await setBuildkiteStage({ intake, fleet: { parameters: [] } });
    await stage.nightshift.buildkite.serve({ config: stage.config });
    expect(await troubleOf(stage)).toContain(`there is no SSM parameter ${tokenName}`);
    expect(callsOf(stage)).toBe(0);
  });

  test('an account that can’t be entered is named', async () => {
    const stage = await setBuildkiteStage({ intake });
    await stage.admin.addFault({ kind: 'denyRole' });
    await stage.nightshift.buildkite.serve({ config: stage.config });
    expect(await troubleOf(stage)).toMatch(/dev-1/);
    expect(callsOf(stage)).toBe(0);
  });

  test('settings that are wrong leave those that were good in force, and are told', async () => {
    const stage = await setBuildkiteStage({ intake });
    const { nightshift, config, admin, queue, temporal } = stage;
    await nightshift.buildkite.serve({ config });
    await until(async () => (await admin.ledger({ service: 'buildkite' })).length > 2 || undefined);
    const handle = temporal.workflow.getHandle(`buildkite-queue/${queue}`);
    await handle.signal('configure', { config: { ...config, buildkite: undefined } });
    expect(await troubleOf(stage)).toMatch(/buildkite/);
    await admin.createBuildkiteJob({ uuid, queue });
    expect(await stage.ended(uuid)).toMatchObject({ exitStatus: 0 });
    expect(await troubleOf(stage)).toMatch(/buildkite/);
  });
});

test('a job by hand of a queue that is not configured is refused with those that are', async () => {
  const stage = await setBuildkiteStage({ jobs: [{ uuid }] });
  const { nightshift, config, queue } = stage;
  const wrong = newQueue();
  const job = await nightshift.buildkite.runJob(uuid, { queue: wrong, setup: { config } });
  await expect(job.result()).rejects.toThrow(
    new RegExp(`"${wrong}" is not a queue of buildkite.queues.*must be one of ${queue}`),
  );
  expect((await stage.admin.buildkiteJob(uuid)).state).toBe('scheduled');
});
