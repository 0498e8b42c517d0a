import { StartBuildCommand } from '@aws-sdk/client-codebuild';
import { describe, expect, test } from 'vitest';
import type { BehaviourInput } from '../../sandbox/codebuild/behaviour.js';
import { codeBuildClient } from '../../sandbox/testing/clients.js';
import { effective } from './calls.js';
import { digestOf, textOf, truthOf } from './logs.js';
import { account, behaving, project, region, request, sharedStage, until } from './scenario.js';

const other = { id: '999999999999', name: 'dev-2' };
const where = { account: account.name, region };
const unknown = `${project}:9f2b6a5e-3a1c-4d0e-8f7b-0123456789ab`;
const stage = sharedStage({
  fleet: {
    accounts: [account, other],
    projects: [account, other].map(({ name }) => ({ account: name, region, name: project })),
  },
  config: {
    accounts: { list: [account, other], role: 'arn:aws:iam::{accountId}:role/nightshift-spoke' },
  },
});

/** A build that somebody else has started. */
async function startElsewhere(behaviour: BehaviourInput = {}) {
  const client = codeBuildClient(stage().sandbox.url, account.id, region);
  const value = JSON.stringify(behaviour);
  const { build } = await client.send(
    new StartBuildCommand({
      projectName: project,
      environmentVariablesOverride: [{ name: 'SANDBOX_BUILD', value }],
    }),
  );
  return { id: build?.id ?? '', arn: build?.arn ?? '' };
}

describe('a build that Nightshift did not start', () => {
  test('is known by its id, with its account and region', async () => {
    const { id, arn } = await startElsewhere({ phases: { BUILD: 3_000 } });
    const build = await stage().nightshift.builds.get(id, where);
    expect(build.workflowId).toBeUndefined();
    expect(await build.status()).toMatchObject({
      buildId: id,
      arn,
      project,
      status: 'IN_PROGRESS',
      target: { account, region },
    });
    await build.stop();
  });

  test('is known by its ARN alone', async () => {
    const { id, arn } = await startElsewhere();
    const build = await stage().nightshift.builds.get(arn);
    expect((await build.started()).buildId).toBe(id);
  });

  test('is followed to its end and to the last byte of its log', async () => {
    const { id, arn } = await startElsewhere({ log: { lines: 2_000, lateSeconds: 10 } });
    const build = await stage().nightshift.builds.get(arn);
    expect(digestOf(await textOf(build))).toEqual(await truthOf(stage().admin, id));
    expect(await build.result()).toMatchObject({ buildId: id, status: 'SUCCEEDED', earlier: [] });
  });

  test('tells the exit status of its command', async () => {
    const { arn } = await startElsewhere({ fail: { kind: 'command', exitStatus: 7 } });
    const build = await stage().nightshift.builds.get(arn);
    await textOf(build);
    expect(await build.result()).toMatchObject({
      status: 'FAILED',
      exitStatus: 7,
      reason: 'failed in BUILD: Error while executing command: make. Reason: exit status 7',
    });
  });

  test('shows what there is of its log while it goes on', async () => {
    const { id, arn } = await startElsewhere({
      phases: { BUILD: 3_000 },
      log: { everySeconds: 1 },
    });
    const build = await stage().nightshift.builds.get(arn);
    const text = await until(async () => {
      let read = '';
      for await (const { events } of build.logs({ follow: false }))
        read += events.map(({ message }) => message).join('');
      return read.includes('Entering phase BUILD') ? read : undefined;
    });
    const { text: truth } = await stage().admin.buildLog(id);
    expect(truth?.startsWith(text)).toBe(true);
    expect((await build.status()).status).toBe('IN_PROGRESS');
    await build.stop();
  });

  test('is stopped', async () => {
    const { id, arn } = await startElsewhere({ phases: { BUILD: 3_000 } });
    const build = await stage().nightshift.builds.get(arn);
    await build.stop();
    await textOf(build);
    expect(await build.result()).toMatchObject({ buildId: id, status: 'STOPPED' });
  });

  test('is left alone by a stop once it has ended', async () => {
    const { arn } = await startElsewhere();
    const build = await stage().nightshift.builds.get(arn);
    await textOf(build);
    const stops = await effective(stage().admin, 'StopBuild');
    await build.stop();
    expect((await build.result()).status).toBe('SUCCEEDED');
    expect(await effective(stage().admin, 'StopBuild')).toBe(stops);
  });
});

describe('a build that Nightshift did start', () => {
  test('is the one of its workflow while that goes on', async () => {
    const run = await stage().nightshift.builds.run({
      ...request,
      ...behaving({ phases: { BUILD: 3_000 } }),
    });
    const { arn } = await run.started();
    const build = await stage().nightshift.builds.get(arn);
    expect(build.workflowId).toBe(run.workflowId);
    await build.stop('by its ARN');
    expect((await run.result()).reason).toContain('by its ARN');
  });

  test('is known by its id after its workflow', async () => {
    const run = await stage().nightshift.builds.run(request);
    const { buildId } = await run.result();
    const build = await stage().nightshift.builds.get(buildId, where);
    expect(await build.status()).toMatchObject({
      buildId,
      status: 'SUCCEEDED',
      workflowId: run.workflowId,
    });
  });
});

describe('a build that is not there', () => {
  test('is said not to be, and where it was looked for', async () => {
    await expect(stage().nightshift.builds.get(unknown, where)).rejects.toMatchObject({
      code: 'NotFound',
      message: `there is no build ${unknown} in dev-1/${region}`,
      hint: 'check the id, --account and --region; CodeBuild forgets builds after a year',
    });
  });

  test('is one of another account', async () => {
    const { id } = await startElsewhere();
    const elsewhere = { account: other.name, region };
    await expect(stage().nightshift.builds.get(id, elsewhere)).rejects.toMatchObject({
      code: 'NotFound',
      message: `there is no build ${id} in dev-2/${region}`,
    });
  });

  test('is neither a build nor a workflow', async () => {
    await expect(stage().nightshift.builds.get('nope')).rejects.toMatchObject({
      code: 'NotFound',
      message: 'there is no build nope',
    });
  });

  test('is a workflow of another kind', async () => {
    const { temporal, taskQueue } = stage();
    const workflowId = `not-a-build-${taskQueue}`;
    await temporal.workflow.start('cleanup', { workflowId, taskQueue, args: [{}] });
    await expect(stage().nightshift.builds.get(workflowId)).rejects.toMatchObject({
      code: 'NotFound',
      message: `there is no build ${workflowId}`,
    });
  });
});

describe('where a build is must be known', () => {
  test('its account, when there are several', async () => {
    await expect(stage().nightshift.builds.get(unknown, { region })).rejects.toMatchObject({
      code: 'InvalidInput',
      issues: [
        {
          path: 'account',
          message: 'is missing: there are 2 accounts; must be one of dev-1, dev-2',
        },
      ],
    });
  });

  test('and it must be one that is configured', async () => {
    const arn = `arn:aws:codebuild:${region}:555555555555:build/${unknown}`;
    await expect(stage().nightshift.builds.get(arn)).rejects.toMatchObject({
      code: 'InvalidInput',
      issues: [
        {
          path: 'account',
          message:
            '"555555555555" is not an account that is configured; must be one of dev-1, dev-2',
        },
      ],
    });
  });
});
