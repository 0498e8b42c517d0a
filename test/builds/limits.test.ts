import { StartBuildCommand } from '@aws-sdk/client-codebuild';
import { expect, test } from 'vitest';
import { codeBuildClient } from '../../sandbox/testing/clients.js';
import { callsReach, effective } from './calls.js';
import { type Stage, account, project, region, request, setStage } from './scenario.js';

const refused = { action: 'StartBuild', outcome: 'AccountLimitExceededException' };

/** Builds of somebody else, which go on until they are ended. */
async function startOthers({ sandbox }: Stage, count: number): Promise<void> {
  const client = codeBuildClient(sandbox.url, account.id, region);
  const variables = { SANDBOX_BUILD: JSON.stringify({ phases: { BUILD: 3_000 } }) };
  const environmentVariablesOverride = Object.entries(variables).map(([name, value]) => ({
    name,
    value,
  }));
  for (let other = 0; other < count; other++)
    await client.send(
      new StartBuildCommand({ projectName: project, environmentVariablesOverride }),
    );
}

async function endOthers({ admin }: Stage): Promise<void> {
  for (const { id } of await admin.builds({ status: 'IN_PROGRESS' }))
    await admin.changeBuild({ id, status: 'STOPPED' });
}

test('where the account’s queue is full, a build waits for room and goes on', async () => {
  const stage = await setStage({ fleet: { codebuild: { concurrentBuilds: 1 } } });
  // One runs, and five times as many may wait.
  await startOthers(stage, 6);
  const build = await stage.nightshift.builds.run(request);
  await callsReach(stage.admin, refused, 1);
  await endOthers(stage);
  const { status, buildId } = await build.result();
  expect(status).toBe('SUCCEEDED');
  expect(await effective(stage.admin, 'StartBuild')).toBe(7);
  expect((await stage.admin.builds()).at(-1)?.id).toBe(buildId);
});

test('where a project has a limit of its own, a build waits for room and goes on', async () => {
  const place = { account: account.name, region, name: project };
  const stage = await setStage({ fleet: { projects: [{ ...place, concurrentBuildLimit: 1 }] } });
  await startOthers(stage, 1);
  const build = await stage.nightshift.builds.run(request);
  await callsReach(stage.admin, refused, 1);
  await endOthers(stage);
  expect((await build.result()).status).toBe('SUCCEEDED');
  expect(await effective(stage.admin, 'StartBuild')).toBe(2);
});

test('a build in a queue that moves waits there as one build', async () => {
  const stage = await setStage({ fleet: { codebuild: { concurrentBuilds: 1 } } });
  await startOthers(stage, 1);
  const build = await stage.nightshift.builds.run(request);
  await build.started();
  expect((await build.status()).phase).toBe('QUEUED');
  const [other] = await stage.admin.builds();
  await stage.admin.changeBuild({ id: other!.id, status: 'STOPPED' });
  expect((await build.result()).status).toBe('SUCCEEDED');
});
