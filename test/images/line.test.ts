import { expect, test } from 'vitest';
import { imageTags } from '../../src/domain/images/tags.js';
import { baseImage, far, region, setStage } from './stage.js';

test('a check builds, tags and records an image for each version and base OS that is missing', async () => {
  const stage = await setStage({ line: { tags: { team: 'platform' } } });
  const result = await stage.check();
  expect(result.failed).toEqual([]);
  expect(result.built.map(({ evr, os }) => `${evr} ${os}`)).toEqual([
    '16.11.0-1 al2023',
    '16.11.0-1 rocky9',
    '16.10.0-1 al2023',
    '16.10.0-1 rocky9',
  ]);
  const builds = await stage.admin.builds();
  expect(builds).toHaveLength(4);
  const [first] = result.built;
  const { line } = stage.line.name;
  const build = builds.find(({ env }) =>
    env['NIGHTSHIFT_KEY']?.value.includes('al2023/x86_64/16.11.0-1'),
  );
  const variables = Object.entries(build?.env ?? {}).map(([name, { value }]) => [name, value]);
  expect(Object.fromEntries(variables)).toMatchObject({
    NIGHTSHIFT_PRODUCT: 'gitlab-runner',
    NIGHTSHIFT_VERSION: '16.11.0-1',
    NIGHTSHIFT_ARCH: 'x86_64',
    NIGHTSHIFT_BASE_OS: 'al2023',
    NIGHTSHIFT_BASE_IMAGE: baseImage,
    NIGHTSHIFT_KEY: `${line}/dev/gitlab-runner/al2023/x86_64/16.11.0-1`,
  });
  const images = await stage.admin.images();
  expect(images.find(({ id }) => id === first?.imageId)?.tags).toMatchObject({
    [imageTags.state]: 'ready',
    [imageTags.version]: '16.11.0-1',
    team: 'platform',
  });
  expect((await stage.check()).started).toEqual([]);
  await stage.publish('16.12.0-1');
  expect((await stage.check()).built).toHaveLength(2);
});

test('an image is copied, shared and handed out; those that it replaces are deprecated', async () => {
  const stage = await setStage({
    versions: ['16.10.0-1'],
    line: {
      copyTo: [far],
      shareWith: ['222222222222'],
      deprecateAfter: '30d',
      baseOs: [{ name: 'al2023', baseImage }],
    },
  });
  expect((await stage.check()).failed).toEqual([]);
  await stage.publish('16.11.0-1');
  expect((await stage.check()).failed).toEqual([]);
  const images = (await stage.admin.images()).filter(({ tags }) => tags[imageTags.key]);
  const seen = images.map(({ region: where, tags, deprecatedAt }) => [
    where,
    tags[imageTags.version],
    tags[imageTags.state],
    deprecatedAt !== undefined,
  ]);
  expect(seen.sort()).toEqual([
    [region, '16.10.0-1', 'ready', true],
    [region, '16.11.0-1', 'ready', false],
    [far, '16.10.0-1', 'ready', true],
    [far, '16.11.0-1', 'ready', false],
  ]);
  for (const { sharedWith } of images) expect(sharedWith).toEqual(['222222222222']);
});
