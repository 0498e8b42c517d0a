import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { configSchema, lineOf } from '../../src/domain/config/index.js';
import { issuesOf, smallestImages as smallest } from './fixtures.js';

const config = (text: string) => configSchema.parse(parse(text));

/** The smallest config with one line of it replaced, by its key. */
function changed(key: string, line: string): string {
  const lines = smallest.split('\n');
  const index = lines.findIndex((each) => each.trim().replace(/^- /, '').startsWith(`${key}:`));
  if (index < 0) return `${smallest}    ${line}\n`;
  const indent = /^ *(- )?/.exec(lines[index] ?? '')?.[0] ?? '';
  return lines.with(index, `${indent}${line}`).join('\n');
}

describe('the smallest config of images', () => {
  test('works as it stands, without accounts, regions and policies', () => {
    const read = config(smallest);
    expect(read.images).toMatchObject([
      { line: 'gitlab-runner', channel: 'dev', attempts: { most: 3, delay: '10m', factor: 3 } },
    ]);
    expect(read).not.toHaveProperty('accounts');
  });

  test('goes in again unchanged once its defaults are filled in', () => {
    const read = config(smallest);
    expect(configSchema.parse(read)).toEqual(read);
  });
});

test.each([
  ['channel', 'channel: feature/a_b', 'images[0].channel'],
  ['line', 'line: gitlab/runner', 'images[0].line'],
  ['source', 'source: {}', 'images[0].source'],
  ['source', 'source: { rpm: https://a.example, html: https://b.example }', 'images[0].source'],
  ['source', 'source: { rpm: ftp://mirror.example }', 'images[0].source.rpm'],
  ['source', 'source: { rpm: "https://me:glpat-x@mirror.example" }', 'images[0].source.rpm'],
  ['source', 'source: { html: { url: "https://glpat-x@a.example" } }', 'images[0].source.html.url'],
  [
    'source',
    'source: { deb: { url: "https://me:glpat-x@a.example", suite: noble } }',
    'images[0].source.deb.url',
  ],
  [
    'source',
    'source: { html: { url: https://a.example, login: "me:glpat-x" } }',
    'images[0].source.html.login',
  ],
  ['versions', 'versions: ">=>1"', 'images[0].versions'],
  ['builder', 'builder: { packer: {} }', 'images[0].builder.packer'],
  [
    'builder',
    'builder: { gitlab: { project: a/b, token: glpat-x } }',
    'images[0].builder.gitlab.token',
  ],
  ['concurrency', 'concurrency: 0', 'images[0].concurrency'],
  ['tags', 'tags: { "nightshift:key": mine }', 'images[0].tags'],
  ['copyTo', 'copyTo: [ap-southeast-2]', 'images[0].copyTo[0]'],
  ['copyTo', 'copyTo: [us-east-1, us-east-1]', 'images[0].copyTo[1]'],
  ['schedule', 'schedule: { cron: "61 * * * *" }', 'images[0].schedule.cron'],
  ['shareWith', 'shareWith: ["1234"]', 'images[0].shareWith[0]'],
])('%s: what is wrong in `%s` is said with its place', (key, line, path) => {
  const issues = issuesOf(changed(key, line));
  expect(issues.map((issue) => issue.path.slice(0, path.length))).toContain(path);
  expect(JSON.stringify(issues)).not.toContain('glpat-x');
});

test.each([
  ['source', 'source: { rpm: { url: https://a.example, login: { ssm: /a, password: geheim } } }'],
  ['builder', 'builder: { gitlab: { project: a/b, token: { ssm: /a, password: geheim } } }'],
])('%s: a key beside a secret’s parameter is named, and its value not shown', (key, line) => {
  const text = JSON.stringify(issuesOf(changed(key, line)));
  expect(text).toContain('is not a known key; allowed are ssm, region');
  expect(text).not.toContain('geheim');
});

const [, oneLine = ''] = smallest.split('images:\n');

test('a line has one entry for each channel, and no two write into one tracker', () => {
  const twice = issuesOf(`${smallest}${oneLine}`).map(({ path }) => path);
  expect(twice).toContain('images[1].line');
  expect(twice).toContain('images[1].tracker');
  const other = oneLine
    .replace('product:', 'channel: release\n    product:')
    .replace('ssm: /nightshift/images/gitlab-runner', 'ssm: /nightshift/images/release');
  expect(config(`${smallest}${other}`).images).toHaveLength(2);
});

test('a line is found by its name, and its channel where it has several', () => {
  const read = config(smallest);
  expect(lineOf(read, 'gitlab-runner').channel).toBe('dev');
  expect(() => lineOf(read, 'gitlab-runer')).toThrow(/did you mean gitlab-runner/);
  expect(() => lineOf(read, 'gitlab-runner', 'release')).toThrow(
    /"release" is not a channel of gitlab-runner: must be one of dev/,
  );
  expect(() => lineOf(config('builds: {}'), 'gitlab-runner')).toThrow(/images: is missing/);
});
