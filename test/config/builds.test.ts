import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { environmentTypes } from '../../src/domain/builds/overrides.js';
import { buildsOf, cleanupSections, configSchema } from '../../src/domain/config/index.js';
import { docAt, tableOf } from '../docs/documents.js';
import { buildkite as withQueue, preset, smallest, smallestBuildkite } from './fixtures.js';

const config = (text: string) => configSchema.parse(parse(text));

describe('the smallest config that serves Buildkite', () => {
  const { buildkite, builds, ...others } = config(smallestBuildkite);

  test('works as it stands, with defaults for the rest', () => {
    expect(buildkite).toEqual({
      endpoint: 'https://agent-edge.buildkite.com/v3',
      token: { ssm: '/dev/1/buildkite-agent-key' },
      intake: 'agent',
      stackKey: 'nightshift',
      reservation: '15m',
      queues: [
        {
          queue: 'default',
          account: 'dev-1',
          region: 'ap-southeast-2',
          project: 'buildkite-jobs',
          concurrency: 10,
        },
      ],
    });
    expect(builds).toEqual({
      pollInterval: '5s',
      logDrain: '10s',
      logWait: '1m',
      orphanSweep: '10m',
      presets: {},
    });
    expect(others).not.toHaveProperty('accounts');
  });

  test('is the one of docs/buildkite.md', () => {
    expect(docAt('docs/buildkite.md')).toContain('```yaml\n' + smallestBuildkite + '```');
  });

  test('has its defaults: endpoint, intake and concurrency may be left out', () => {
    const shorter = smallestBuildkite
      .replace(/^ {2}(endpoint|intake): .*\n/gm, '')
      .replace(', concurrency: 10', '');
    expect(shorter.split('\n')).toHaveLength(smallestBuildkite.split('\n').length - 2);
    expect(config(shorter).buildkite).toEqual(buildkite);
  });

  test('may stand beside what a cleanup needs', () => {
    const both = config(smallest + smallestBuildkite);
    expect(both.buildkite).toEqual(buildkite);
    expect(cleanupSections(both).policies).toEqual(['policies/*.yml']);
  });
});

test('a preset is a project with overrides; retries have defaults of their own', () => {
  const { presets } = buildsOf(
    config(`\
builds:
  presets:
    image:
      account: dev-1
      region: ap-southeast-2
      project: image-build
      image: 111111111111.dkr.ecr.us-east-1.amazonaws.com/build:1@sha256:${'0'.repeat(64)}
      computeType: BUILD_LAMBDA_10GB
      privileged: false
      environmentType: ARM_CONTAINER
      env: { STAGE: test, EMPTY: '', TOKEN: { ssm: /dev/1/token }, KEY: { secret: key } }
      timeout: 36h
      queuedTimeout: 5m
      retry: { attempts: 1 }
`),
  );
  expect(presets['image']).toMatchObject({
    project: 'image-build',
    privileged: false,
    env: { STAGE: 'test', EMPTY: '', TOKEN: { ssm: '/dev/1/token' }, KEY: { secret: 'key' } },
    timeout: '36h',
    retry: { attempts: 1, delay: '30s' },
  });
});

describe('docs/operations.md has the default of', () => {
  const { builds } = config('builds: {}\n');
  const { buildkite } = config(smallestBuildkite.replace(', concurrency: 10', ''));

  test.each([
    ['builds.pollInterval', builds?.pollInterval, '5s', '5 s'],
    ['builds.logDrain', builds?.logDrain, '10s', '10 s'],
    ['builds.logWait', builds?.logWait, '1m', '1 min'],
    ['builds.orphanSweep', builds?.orphanSweep, '10m', '10 min'],
    ['buildkite.reservation', buildkite?.reservation, '15m', '15 min'],
    ['buildkite.queues[].concurrency', buildkite?.queues[0]?.concurrency, 10, '10'],
  ])('%s', (key, value, known, shown) => {
    expect(value).toBe(known);
    const row = tableOf(docAt('docs/operations.md'), 'what').find(([, , by]) => by?.includes(key));
    expect(row?.[1]).toContain(shown);
  });
});

test('docs/configuration.md names every environment type', () => {
  const text = docAt('docs/configuration.md');
  for (const type of environmentTypes) expect(text).toContain(`\`${type}\``);
});

test('a config of builds travels as JSON and parses to itself', () => {
  const read = config(withQueue(undefined, 'retry: { attempts: 2 }') + preset('timeout: 90m'));
  const travelled: unknown = JSON.parse(JSON.stringify(read));
  expect(configSchema.parse(travelled)).toEqual(read);
});
