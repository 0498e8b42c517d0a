import { describe, expect, test } from 'vitest';
import {
  buildOverridesSchema,
  computeTypeSchema,
  environmentTypes,
  imageSchema,
  projectNameSchema,
} from '../../../src/domain/builds/overrides.js';

const errorsOf = (overrides: unknown) =>
  buildOverridesSchema
    .safeParse(overrides)
    .error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);

describe('overrides', () => {
  test('of every kind are taken as they are', () => {
    const overrides = {
      sourceVersion: 'refs/heads/main^{9a1c}',
      image: '111111111111.dkr.ecr.us-east-1.amazonaws.com/build:1',
      computeType: 'BUILD_GENERAL1_LARGE',
      privileged: true,
      environmentType: 'ARM_CONTAINER',
      buildspec: 'version: 0.2\n',
      env: { PLAIN: '', _SSM: { ssm: '/a/b' }, Secret9: { secret: 'name' } },
      timeout: '90m',
      queuedTimeout: '8h',
    };
    expect(buildOverridesSchema.parse(overrides)).toEqual(overrides);
  });

  test('may all be missing', () => {
    expect(buildOverridesSchema.parse({})).toEqual({});
  });

  test('that are not known are refused by name', () => {
    expect(errorsOf({ img: 'x' })?.join()).toContain('img');
  });

  test('that are wrong are all named at once', () => {
    const wrong = { image: '', privileged: 'yes', timeout: '1m', env: { '1A': 'x' } };
    const paths = errorsOf(wrong)?.map((error) => error.split(':')[0]);
    expect(paths).toEqual(['image', 'privileged', 'env.1A', 'timeout']);
  });
});

describe('an image', () => {
  test.each([
    'aws/codebuild/standard:7.0',
    'alpine',
    'localhost:5000/team/image:tag',
    'public.ecr.aws/docker/library/node:20-alpine',
    `node@sha256:${'0'.repeat(64)}`,
    `a.b/c:1@sha256:${'f'.repeat(64)}`,
  ])('may be %s', (image) => {
    expect(imageSchema.safeParse(image).success).toBe(true);
  });

  test.each(['', ' alpine', 'alpine ', 'a:b:c', 'a//b', 'a@sha256:12', '$(id)', 'a\nb', 5, null])(
    'can’t be %j',
    (image) => {
      expect(imageSchema.safeParse(image).error?.issues[0]?.message).toContain(
        'the name of an image',
      );
    },
  );
});

describe('a compute type', () => {
  test.each([
    'BUILD_GENERAL1_SMALL',
    'BUILD_GENERAL1_2XLARGE',
    'BUILD_LAMBDA_10GB',
    'ATTRIBUTE_BASED_COMPUTE',
    'CUSTOM_INSTANCE_TYPE',
  ])('may be %s', (type) => {
    expect(computeTypeSchema.safeParse(type).success).toBe(true);
  });

  test.each(['SMALL', 'build_general1_small', 'BUILD_GENERAL1_HUGE', 'BUILD_LAMBDA_3GB', '', 1])(
    'can’t be %j, and what it may be is said',
    (type) => {
      const message = computeTypeSchema.safeParse(type).error?.issues[0]?.message;
      expect(message).toContain('BUILD_GENERAL1_SMALL, BUILD_GENERAL1_MEDIUM');
    },
  );
});

describe('an environment type', () => {
  test.each(environmentTypes)('may be %s', (environmentType) => {
    expect(errorsOf({ environmentType })).toBeUndefined();
  });

  test('can’t be anything else, and what it may be is said', () => {
    expect(errorsOf({ environmentType: 'LINUX' })).toEqual([
      `environmentType: must be one of ${environmentTypes.join(', ')}`,
    ]);
  });
});

describe('a project', () => {
  test.each(['ab', 'a1', '9-_x', 'A'.repeat(150)])('may be named %s', (name) => {
    expect(projectNameSchema.safeParse(name).success).toBe(true);
  });

  test.each(['', 'a', '-ab', '_ab', 'a b', 'a/b', 'a:b', 'A'.repeat(151), 'ä1', 12])(
    'can’t be named %j',
    (name) => {
      expect(projectNameSchema.safeParse(name).success).toBe(false);
    },
  );
});

describe('a time limit', () => {
  test.each([
    ['timeout', '5m'],
    ['timeout', '36h'],
    ['timeout', '300s'],
    ['queuedTimeout', '5m'],
    ['queuedTimeout', '480m'],
  ])('%s may be %s', (key, value) => {
    expect(errorsOf({ [key]: value })).toBeUndefined();
  });

  test.each([
    ['timeout', '4m', '36h'],
    ['timeout', '2161m', '36h'],
    ['timeout', '90s', '36h'],
    ['timeout', '301s', '36h'],
    ['timeout', 'soon', '36h'],
    ['timeout', 90, '36h'],
    ['queuedTimeout', '299s', '8h'],
    ['queuedTimeout', '481m', '8h'],
  ])('%s can’t be %j', (key, value, most) => {
    expect(errorsOf({ [key]: value })).toEqual([
      `${key}: must be a duration in whole minutes, from 5m to ${most}`,
    ]);
  });
});

describe('a variable', () => {
  test.each(['A', '_', 'a_b9', '_1'])('may be named %s', (name) => {
    expect(errorsOf({ env: { [name]: 'x' } })).toBeUndefined();
  });

  test.each(['', '1A', 'A-B', 'A B', 'A=B', 'Ä'])('can’t be named %j', (name) => {
    expect(errorsOf({ env: { [name]: 'x' } })?.join()).toContain(`env.${name}: `);
  });

  test.each([1, true, null, ['x'], {}, { ssm: '/a', secret: 'b' }, { kms: 'x' }])(
    'can’t be %j',
    (value) => {
      expect(errorsOf({ env: { NAME: value } })).toEqual([
        'env.NAME: must be text in quotes, { ssm: /name } or { secret: name }',
      ]);
    },
  );

  test.each(['ssm', 'secret'])('can’t be that of a %s without a name', (kind) => {
    expect(errorsOf({ env: { NAME: { [kind]: '' } } })?.join()).toMatch(
      new RegExp(`^env.NAME.${kind}: must be the name`),
    );
  });
});
