import { describe, expect, test } from 'vitest';
import { environmentTypes } from '../../src/domain/builds/overrides.js';
import { buildkite, issuesOf, preset } from './fixtures.js';

const computeTypes =
  'must be a compute type of CodeBuild: BUILD_GENERAL1_SMALL, BUILD_GENERAL1_MEDIUM, BUILD_GENERAL1_LARGE, BUILD_GENERAL1_XLARGE, BUILD_GENERAL1_2XLARGE, BUILD_LAMBDA_1GB (2GB, 4GB, 8GB, 10GB), ATTRIBUTE_BASED_COMPUTE or CUSTOM_INSTANCE_TYPE';
const duration = 'must be a duration such as 250ms, 5s, 90m, 4h, 1d or 1h30m';
const ofPreset =
  'account, region, project, sourceVersion, image, computeType, privileged, environmentType, buildspec, env, timeout, queuedTimeout, retry';
const ofQueue =
  'queue, tags, account, region, project, concurrency, ahead, projects, image, computeType, privileged, environmentType, buildspec, env, timeout, queuedTimeout, retry';

describe('bad input is reported with file, line, field, value and what is allowed:', () => {
  test.each<[what: string, text: string, line: number, path: string, message: string]>([
    [
      'a queue given twice',
      buildkite(
        undefined,
        'concurrency: 1\n    - { queue: default, account: dev-1, region: us-east-1, project: other }',
      ),
      10,
      'buildkite.queues[1].queue',
      '"default" is not allowed: must be unique; queues[0] has this key too',
    ],
    [
      'the tag of a queue for its key',
      buildkite().replace('queue: default', 'queue: queue=default'),
      5,
      'buildkite.queues[0].queue',
      '"queue=default" is not allowed: must be the key of a queue: letters, digits and . _ -',
    ],
    [
      'a tag without a value',
      buildkite(undefined, 'tags: [os=linux, docker]'),
      9,
      'buildkite.queues[0].tags[1]',
      '"docker" is not allowed: must be an agent tag other than queue=…, such as os=linux',
    ],
    [
      'no slots',
      buildkite(undefined, 'concurrency: 0'),
      9,
      'buildkite.queues[0].concurrency',
      '0 is not allowed: must be a whole number from 1 to 1000',
    ],
    [
      'fewer than no jobs reserved',
      buildkite(undefined, 'ahead: -1'),
      9,
      'buildkite.queues[0].ahead',
      '-1 is not allowed: must be a whole number from 0 to 1000',
    ],
    [
      'a queue without a place',
      buildkite().replace('      account: dev-1\n', ''),
      5,
      'buildkite.queues[0].account',
      'is missing: must be an account name or id',
    ],
    [
      'a source version of a queue: it has no source of its own',
      buildkite(undefined, 'sourceVersion: main'),
      9,
      'buildkite.queues[0].sourceVersion',
      `is not a known key; allowed are ${ofQueue}`,
    ],
    [
      'a key of a queue that is misspelt',
      buildkite(undefined, 'concurency: 10'),
      9,
      'buildkite.queues[0].concurency',
      `is not a known key (did you mean concurrency?); allowed are ${ofQueue}`,
    ],
    [
      'a project whose name is none',
      buildkite(undefined, 'projects: [image build]'),
      9,
      'buildkite.queues[0].projects[0]',
      '"image build" is not allowed: must be the name of a CodeBuild project: 2 to 150 letters, digits, _ and -',
    ],
    [
      'a time limit of a queue beyond those of CodeBuild',
      buildkite(undefined, 'queuedTimeout: 9h'),
      9,
      'buildkite.queues[0].queuedTimeout',
      '"9h" is not allowed: must be a duration in whole minutes, from 5m to 8h',
    ],
    [
      'an intake that is none',
      buildkite('intake: agents'),
      3,
      'buildkite.intake',
      '"agents" is not allowed: must be one of agent, stacks (did you mean agent?)',
    ],
    [
      'a reservation longer than Buildkite takes',
      buildkite('reservation: 61m'),
      3,
      'buildkite.reservation',
      `"61m" is not allowed: ${duration}, from 1s to 1h`,
    ],
    [
      'an endpoint that is no URL',
      buildkite('endpoint: agent-edge.buildkite.com/v3'),
      3,
      'buildkite.endpoint',
      '"agent-edge.buildkite.com/v3" is not allowed: must be the URL of an agent API',
    ],
    [
      'an endpoint with a login',
      buildkite('endpoint: https://me:hunter2@agent.example.com'),
      3,
      'buildkite.endpoint',
      '"https://agent.example.com" is not allowed: must hold no user and no password: a secret does not belong in a file',
    ],
    [
      'a stack key with a space',
      buildkite('stackKey: night shift'),
      3,
      'buildkite.stackKey',
      '"night shift" is not allowed: must be up to 60 letters, digits, _ and -',
    ],
    [
      'a preset of less than the five minutes that CodeBuild asks for',
      preset('timeout: 4m'),
      4,
      'builds.presets.image.timeout',
      '"4m" is not allowed: must be a duration in whole minutes, from 5m to 36h',
    ],
    [
      'a preset of more than a day and a half',
      preset('timeout: 37h'),
      4,
      'builds.presets.image.timeout',
      '"37h" is not allowed: must be a duration in whole minutes, from 5m to 36h',
    ],
    [
      'a preset of a minute and a half: CodeBuild counts whole ones',
      preset('timeout: 6m30s'),
      4,
      'builds.presets.image.timeout',
      '"6m30s" is not allowed: must be a duration in whole minutes, from 5m to 36h',
    ],
    [
      'a preset in seconds',
      preset('timeout: 90s'),
      4,
      'builds.presets.image.timeout',
      '"90s" is not allowed: must be a duration in whole minutes, from 5m to 36h',
    ],
    [
      'a number of minutes without a unit',
      preset('timeout: 90'),
      4,
      'builds.presets.image.timeout',
      '90 is not allowed: must be a duration in whole minutes, from 5m to 36h',
    ],
    [
      'a compute type that is none',
      preset('computeType: LARGE'),
      4,
      'builds.presets.image.computeType',
      `"LARGE" is not allowed: ${computeTypes}`,
    ],
    [
      'an environment type that is none',
      preset('environmentType: LINUX'),
      4,
      'builds.presets.image.environmentType',
      `"LINUX" is not allowed: must be one of ${environmentTypes.join(', ')}`,
    ],
    [
      'an image with a space in its name',
      preset('image: my image'),
      4,
      'builds.presets.image.image',
      '"my image" is not allowed: must be the name of an image, such as aws/codebuild/standard:7.0 or 111111111111.dkr.ecr.us-east-1.amazonaws.com/build:1',
    ],
    [
      'privileged mode as text',
      preset('privileged: "yes"'),
      4,
      'builds.presets.image.privileged',
      '"yes" is not allowed: must be true or false',
    ],
    [
      'a variable that is a number',
      preset('env: { RETRIES: 3 }'),
      4,
      'builds.presets.image.env.RETRIES',
      '3 is not allowed: must be text in quotes, { ssm: /name } or { secret: name }',
    ],
    [
      'a variable from two places',
      preset('env: { TOKEN: { ssm: /a, secret: b } }'),
      4,
      'builds.presets.image.env.TOKEN',
      '{ ssm, secret } is not allowed: must be text in quotes, { ssm: /name } or { secret: name }',
    ],
    [
      'variables in a list',
      preset('env: [STAGE=test]'),
      4,
      'builds.presets.image.env',
      'a list of 1 is not allowed: must be a mapping of keys to values',
    ],
    [
      'more builds in place of a failed one than are allowed',
      preset('retry: { attempts: 21 }'),
      4,
      'builds.presets.image.retry.attempts',
      '21 is not allowed: must be a whole number from 1 to 20',
    ],
    [
      'a key of a preset that is misspelt',
      preset('compute: BUILD_GENERAL1_LARGE'),
      4,
      'builds.presets.image.compute',
      `is not a known key; allowed are ${ofPreset}`,
    ],
    [
      'presets in a list',
      'builds:\n  presets: [image]\n',
      2,
      'builds.presets',
      'a list of 1 is not allowed: must be a mapping of names to presets',
    ],
    [
      'builds that are looked at too often',
      'builds: { pollInterval: 1ms }\n',
      1,
      'builds.pollInterval',
      `"1ms" is not allowed: ${duration}, and at least 10ms`,
    ],
    [
      'a section of builds that is null',
      'builds:\n',
      1,
      'builds',
      'null is not allowed: must be a mapping of keys to values',
    ],
  ])('%s', (_what, text, line, path, message) => {
    expect(issuesOf(text)).toEqual([{ source: `nightshift.yaml:${line}`, path, message }]);
  });
});

describe('the agent token', () => {
  const tokenError =
    'must name the SSM parameter that holds the agent token, as { ssm: /dev/1/buildkite-agent-key }; the token itself is a secret and does not belong in a file';

  test.each([
    ['{ ssm: /dev/1/buildkite-agent-key }', 'buildkite.token', tokenError],
    [
      '/dev/1/buildkite-agent-key',
      'buildkite.token.ssm',
      'must be the name of an SSM parameter, such as /nightshift/slack',
    ],
  ])(
    'in the file, in place of %s, is refused and not repeated in the error',
    (put, path, allowed) => {
      expect(issuesOf(buildkite().replace(put, 'bkct_0123456789abcdef'))).toEqual([
        {
          source: 'nightshift.yaml:2',
          path,
          message: `text of 21 letters is not allowed: ${allowed}`,
        },
      ]);
    },
  );

  test('must be named, and so must be at least one queue', () => {
    const queues =
      'must be a list of queues (queue, account, region and project of each) with at least one entry';
    const source = 'nightshift.yaml:1';
    expect(issuesOf('buildkite: {}\n')).toEqual([
      { source, path: 'buildkite.token', message: `is missing: ${tokenError}` },
      { source, path: 'buildkite.queues', message: `is missing: ${queues}` },
    ]);
    expect(issuesOf('buildkite: { token: { ssm: /a }, queues: [] }\n')).toEqual([
      { source, path: 'buildkite.queues', message: `[] is not allowed: ${queues}` },
    ]);
  });
});

test.each([['1ST'], ['MY-VAR'], ['A B']])('an environment variable can’t be called %s', (name) => {
  const [issue, ...others] = issuesOf(preset(`env:\n        "${name}": value`));
  expect(others).toEqual([]);
  expect(issue?.source).toBe('nightshift.yaml:5');
  expect(issue?.path).toContain(name);
  expect(issue?.message).toBe(
    `"${name}" is not allowed: must be the name of an environment variable: letters, digits and _, not beginning with a digit`,
  );
});
