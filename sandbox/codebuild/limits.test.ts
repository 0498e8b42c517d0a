import type { CodeBuildClient } from '@aws-sdk/client-codebuild';
import { afterEach, expect, test } from 'vitest';
import type { Sandbox } from '../index.js';
import { codeBuildClient } from '../testing/clients.js';
import { account, buildOf, phasesOf, region, start, withProjects } from './testing.js';

let sandbox: Sandbox;
let client: CodeBuildClient;
afterEach(() => sandbox.close());

async function open(...of: Parameters<typeof withProjects>) {
  sandbox = await withProjects(...of);
  client = codeBuildClient(sandbox.url, account, region);
}

const phaseOf = async (id: string) => (await buildOf(client, id)).currentPhase;

test('builds beyond the account’s limit wait, and begin in their order as others end', async () => {
  await open([{ name: 'app', behaviour: { phases: { BUILD: 100 } } }], {
    codebuild: { concurrentBuilds: 2 },
  });
  const first = await start(client, 'app');
  sandbox.clock.skip(50);
  const second = await start(client, 'app');
  const third = await start(client, 'app');
  const fourth = await start(client, 'app');
  sandbox.clock.skip(20);
  expect(await Promise.all([first, second, third, fourth].map(phaseOf))).toEqual([
    'BUILD',
    'BUILD',
    'QUEUED',
    'QUEUED',
  ]);
  sandbox.clock.skip(45);
  expect(await Promise.all([first, third, fourth].map(phaseOf))).toEqual([
    'COMPLETED',
    'BUILD',
    'QUEUED',
  ]);
  const queued = (await buildOf(client, third)).phases?.[1];
  expect(queued).toMatchObject({ phaseType: 'QUEUED', phaseStatus: 'SUCCEEDED' });
  expect(queued?.durationInSeconds).toBeGreaterThan(20);
});

test('five times the limit may wait, and the next one is refused until one has begun', async () => {
  await open([{ name: 'app' }, { name: 'other' }], { codebuild: { concurrentBuilds: 2 } });
  for (let index = 0; index < 12; index++) await start(client, index % 2 ? 'app' : 'other');
  await expect(start(client, 'app')).rejects.toMatchObject({
    name: 'AccountLimitExceededException',
    message: 'Cannot have more than 10 builds in queue for the account',
  });
  sandbox.clock.skip(20);
  await start(client, 'app');
});

test('another region has a limit of its own', async () => {
  await open([{ name: 'app' }], {
    regions: [region, 'eu-west-1'],
    projects: [
      { account, region, name: 'app' },
      { account, region: 'eu-west-1', name: 'app' },
    ],
    codebuild: { concurrentBuilds: 1 },
  });
  for (let index = 0; index < 6; index++) await start(client, 'app');
  await expect(start(client, 'app')).rejects.toThrow(/Cannot have more/);
  await start(codeBuildClient(sandbox.url, account, 'eu-west-1'), 'app');
});

test('a project’s own limit is an error at once, and nothing waits', async () => {
  await open([{ name: 'app', concurrentBuildLimit: 2 }]);
  await start(client, 'app');
  await start(client, 'app');
  await expect(start(client, 'app')).rejects.toMatchObject({
    name: 'AccountLimitExceededException',
    message: 'Cannot have more than 2 active builds for the project',
  });
  sandbox.clock.skip(30);
  await start(client, 'app');
  expect([...sandbox.services.codebuild.builds.all()]).toHaveLength(3);
});

test('a build that waits too long is taken from the queue, and never begins', async () => {
  await open([{ name: 'app', behaviour: { phases: { BUILD: 1800 } } }], {
    codebuild: { concurrentBuilds: 1 },
  });
  await start(client, 'app');
  const id = await start(client, 'app', { queuedTimeoutInMinutesOverride: 5 });
  sandbox.clock.skip(299);
  expect(await phaseOf(id)).toBe('QUEUED');
  sandbox.clock.skip(1);
  const build = await buildOf(client, id);
  expect(build.buildStatus).toBe('TIMED_OUT');
  expect(phasesOf(build)).toEqual(['SUBMITTED SUCCEEDED', 'QUEUED TIMED_OUT', 'COMPLETED']);
  sandbox.clock.skip(7200);
  expect((await buildOf(client, id)).phases).toHaveLength(3);
});
