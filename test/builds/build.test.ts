import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { digestOf, textOf, truthOf } from './logs.js';
import { account, makeFolder, project, request, setStage } from './scenario.js';

test('a build is started, followed to its end, and its log is whole', async () => {
  const { nightshift, admin } = await setStage();
  const build = await nightshift.builds.run(request);
  const { buildId, links } = await build.started();
  expect(links.console).toContain(`/${account.id}/projects/${project}/build/`);
  const log = digestOf(await textOf(build));
  const result = await build.result();
  expect(result).toMatchObject({ buildId, status: 'SUCCEEDED', earlier: [] });
  expect(result.phases.map(({ type }) => type)).toContain('BUILD');
  expect(log).toEqual(await truthOf(admin, buildId));
  expect(log.bytes).toBeGreaterThan(0);
});

test('its log goes to a file, and the result says how much of it', async () => {
  const { nightshift, admin } = await setStage();
  const folder = await makeFolder();
  const sinks = [{ file: join(folder, 'logs/{buildId}.log') }];
  const { buildId, log } = await (await nightshift.builds.run({ ...request, sinks })).result();
  const file = await readFile(join(folder, `logs/${buildId.replace(':', '-')}.log`));
  expect(digestOf(file)).toEqual(await truthOf(admin, buildId));
  expect(log).toMatchObject({ bytes: file.length, lost: 0, group: `/aws/codebuild/${project}` });
});
