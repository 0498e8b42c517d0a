import { type CodeBuildClient, StartBuildCommand } from '@aws-sdk/client-codebuild';
import { afterEach, expect, test } from 'vitest';
import { type Sandbox, defineFleet, startSandbox } from '../../sandbox/index.js';
import { codeBuildClient } from '../../sandbox/testing/clients.js';
import { findBuild } from '../../src/activities/builds/find-build.js';
import { markerVariables } from '../../src/domain/builds/spec.js';

const account = '111111111111';
const region = 'us-east-1';
const day = 86_400;
let sandbox: Sandbox;
let client: CodeBuildClient;
afterEach(() => sandbox.close());

/** Time stands still but for `skip`. */
async function setUp(project: { autoRetryLimit?: number } = {}): Promise<void> {
  sandbox = await startSandbox({
    speed: 1e-6,
    fleet: defineFleet({
      regions: [region],
      accounts: [{ id: account, name: 'dev-1' }],
      projects: [{ account, region, name: 'web', ...project }],
      codebuild: { concurrentBuilds: 1000 },
    }),
  });
  client = codeBuildClient(sandbox.url, account, region);
}

async function start(token: string, behaviour = {}): Promise<string> {
  const values = { [markerVariables.token]: token, SANDBOX_BUILD: JSON.stringify(behaviour) };
  const { build } = await client.send(
    new StartBuildCommand({
      projectName: 'web',
      environmentVariablesOverride: Object.entries(values).map(([name, value]) => ({
        name,
        value,
      })),
    }),
  );
  return build?.id ?? '';
}

async function find(token: string, triedSince = sandbox.clock.now()): Promise<string | undefined> {
  const { signal } = new AbortController();
  return (await findBuild(client, 'web', { workflowId: 'w', token }, triedSince, signal))?.id;
}

test('a build is found by its marker, behind more newer ones than a page holds', async () => {
  await setUp();
  const id = await start('mine');
  for (let other = 0; other < 230; other++) await start(`other-${other}`);
  sandbox.clock.skip(10);
  expect(await find('mine')).toBe(id);
});

test('a project without builds has none to find', async () => {
  await setUp();
  expect(await find('mine')).toBeUndefined();
});

test('CodeBuild’s own retries have the marker, too: the first build is the one that was started', async () => {
  await setUp({ autoRetryLimit: 2 });
  const id = await start('mine', { fail: { kind: 'command' } });
  sandbox.clock.skip(600);
  sandbox.settle();
  expect([...sandbox.services.codebuild.builds.all()]).toHaveLength(3);
  expect(await find('mine')).toBe(id);
});

test('builds from long before the start are not looked through', async () => {
  await setUp();
  for (let other = 0; other < 150; other++) await start(`other-${other}`);
  sandbox.clock.skip(day);
  await start('newest');
  sandbox.clock.skip(10);
  const lists = () => sandbox.ledger.entries({ action: 'ListBuildsForProject' }).length;
  expect(await find('mine')).toBeUndefined();
  expect(lists(), 'its second page is never asked for').toBe(1);
});

test('a build that began a little before the start’s own clock says so is found', async () => {
  await setUp();
  const id = await start('mine');
  sandbox.clock.skip(10);
  expect(await find('mine', sandbox.clock.now() + 300_000)).toBe(id);
});
