import {
  BatchGetBuildsCommand,
  ListBuildsCommand,
  ListBuildsForProjectCommand,
  paginateListBuildsForProject,
  type CodeBuildClient,
} from '@aws-sdk/client-codebuild';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Sandbox } from '../index.js';
import { codeBuildClient } from '../testing/clients.js';
import { account, region, start, withProjects } from './testing.js';

let sandbox: Sandbox;
let client: CodeBuildClient;
beforeEach(async () => {
  sandbox = await withProjects([{ name: 'app' }, { name: 'other' }], {
    codebuild: { concurrentBuilds: 1000 },
  });
  client = codeBuildClient(sandbox.url, account, region);
});
afterEach(() => sandbox.close());

async function startMany(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index++) ids.push(await start(client, 'app'));
  return ids;
}

async function pagesOf(sortOrder?: 'ASCENDING' | 'DESCENDING') {
  const pages: string[][] = [];
  const query = { projectName: 'app', ...(sortOrder ? { sortOrder } : {}) };
  for await (const { ids } of paginateListBuildsForProject({ client }, query))
    pages.push(ids ?? []);
  return pages;
}

test('a project’s builds come newest first, in pages of a hundred', async () => {
  const ids = await startMany(250);
  await start(client, 'other');
  sandbox.clock.skip(2);
  const pages = await pagesOf();
  expect(pages.map((page) => page.length)).toEqual([100, 100, 50]);
  expect(pages.flat()).toEqual([...ids].reverse());
  expect((await pagesOf('ASCENDING')).flat()).toEqual(ids);
});

test('builds that come while a list is read are neither shown twice nor keep any from being shown', async () => {
  const ids = await startMany(150);
  sandbox.clock.skip(2);
  const list = (nextToken?: string) =>
    client.send(new ListBuildsForProjectCommand({ projectName: 'app', nextToken }));
  const first = await list();
  await startMany(10);
  sandbox.clock.skip(2);
  const second = await list(first.nextToken);
  expect([...(first.ids ?? []), ...(second.ids ?? [])]).toEqual([...ids].reverse());
  expect(second.nextToken).toBeUndefined();
});

test('all builds of the account and region are listed together', async () => {
  const first = await start(client, 'app');
  const second = await start(client, 'other');
  sandbox.clock.skip(2);
  expect((await client.send(new ListBuildsCommand({}))).ids).toEqual([second, first]);
});

test('a new build is listed only after a while, and found at once', async () => {
  const id = await start(client, 'app');
  sandbox.clock.skip(1.9);
  expect((await pagesOf()).flat()).toEqual([]);
  expect((await client.send(new BatchGetBuildsCommand({ ids: [id] }))).builds).toHaveLength(1);
  sandbox.clock.skip(0.2);
  expect((await pagesOf()).flat()).toEqual([id]);
});

test('a build may not be found for a moment, where the fleet says so', async () => {
  await sandbox.close();
  sandbox = await withProjects([{ name: 'app' }], { codebuild: { getDelaySeconds: 1 } });
  client = codeBuildClient(sandbox.url, account, region);
  const id = await start(client, 'app');
  const get = () => client.send(new BatchGetBuildsCommand({ ids: [id] }));
  expect(await get()).toMatchObject({ builds: [], buildsNotFound: [id] });
  sandbox.clock.skip(1);
  expect(await get()).toMatchObject({ builds: [{ id }], buildsNotFound: [] });
});

test('BatchGetBuilds takes a hundred ids, and says which builds are not there', async () => {
  const ids = await startMany(100);
  const none = 'app:00000000-0000-0000-0000-000000000000';
  const get = (wanted: string[]) => client.send(new BatchGetBuildsCommand({ ids: wanted }));
  expect((await get(ids)).builds?.map((build) => build.id)).toEqual(ids);
  expect((await get([ids[0]!, none])).buildsNotFound).toEqual([none]);
  await expect(get([...ids, none])).rejects.toMatchObject({ name: 'InvalidInputException' });
  await expect(get(['nonsense'])).rejects.toMatchObject({ name: 'InvalidInputException' });
});

test('a build is its account’s and region’s only', async () => {
  const id = await start(client, 'app');
  const other = codeBuildClient(sandbox.url, '000000000000', region);
  const { buildsNotFound } = await other.send(new BatchGetBuildsCommand({ ids: [id] }));
  expect(buildsNotFound).toEqual([id]);
});

test('a token that is none, or of another order, is refused', async () => {
  await startMany(101);
  sandbox.clock.skip(2);
  const { nextToken } = await client.send(new ListBuildsCommand({}));
  for (const wrong of [{ nextToken: 'nonsense' }, { nextToken, sortOrder: 'ASCENDING' as const }])
    await expect(client.send(new ListBuildsCommand(wrong))).rejects.toMatchObject({
      name: 'InvalidInputException',
    });
  await expect(
    client.send(new ListBuildsForProjectCommand({ projectName: 'none' })),
  ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});
