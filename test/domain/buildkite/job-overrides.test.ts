import { describe, expect, test } from 'vitest';
import { jobOverrides } from '../../../src/domain/buildkite/job-overrides.js';

const queue = {
  project: 'jobs',
  overrides: { image: 'aws/codebuild/standard:7.0', timeout: '1h' },
};

test('a job that says nothing has what its queue has', () => {
  expect(jobOverrides({ PATH: '/bin' }, queue)).toEqual({
    project: 'jobs',
    overrides: queue.overrides,
    problems: [],
  });
});

test('a job may have its own image, compute type, privileged mode and project', () => {
  const env = {
    CB_IMAGE_OVERRIDE: '111111111111.dkr.ecr.us-east-1.amazonaws.com/build:1',
    CB_COMPUTE_TYPE_OVERRIDE: 'BUILD_GENERAL1_LARGE',
    CB_PRIVILEGED_MODE_OVERRIDE: 'true',
    CB_PROJECT_NAME: 'other-jobs',
  };
  expect(jobOverrides(env, queue)).toEqual({
    project: 'other-jobs',
    overrides: {
      image: env.CB_IMAGE_OVERRIDE,
      computeType: 'BUILD_GENERAL1_LARGE',
      privileged: true,
      timeout: '1h',
    },
    problems: [],
  });
});

test.each([
  ['true', true],
  ['false', false],
  ['True', true],
  ['FALSE', false],
  [' true ', true],
])('CB_PRIVILEGED_MODE_OVERRIDE=%j means %j', (value, privileged) => {
  const { overrides } = jobOverrides({ CB_PRIVILEGED_MODE_OVERRIDE: value }, queue);
  expect(overrides.privileged).toBe(privileged);
});

test('privileged mode can be taken from a queue that has it', () => {
  const privileged = { ...queue, overrides: { privileged: true } };
  const { overrides } = jobOverrides({ CB_PRIVILEGED_MODE_OVERRIDE: 'false' }, privileged);
  expect(overrides.privileged).toBe(false);
});

test.each(['', '  '])('an override that is %j counts as not given', (value) => {
  const env = {
    CB_IMAGE_OVERRIDE: value,
    CB_COMPUTE_TYPE_OVERRIDE: value,
    CB_PRIVILEGED_MODE_OVERRIDE: value,
    CB_PROJECT_NAME: value,
  };
  expect(jobOverrides(env, queue)).toEqual({
    project: 'jobs',
    overrides: queue.overrides,
    problems: [],
  });
});

describe('a value that is not allowed is named with what is', () => {
  test.each([
    ['CB_PRIVILEGED_MODE_OVERRIDE', 'yes', /must be true or false/],
    ['CB_PRIVILEGED_MODE_OVERRIDE', '1', /must be true or false/],
    ['CB_COMPUTE_TYPE_OVERRIDE', 'large', /BUILD_GENERAL1_SMALL, BUILD_GENERAL1_MEDIUM/],
    ['CB_COMPUTE_TYPE_OVERRIDE', 'build_general1_small', /BUILD_GENERAL1_SMALL/],
    ['CB_IMAGE_OVERRIDE', 'my image', /such as aws\/codebuild\/standard:7\.0/],
    ['CB_IMAGE_OVERRIDE', 'https://example.com/image', /the name of an image/],
    ['CB_PROJECT_NAME', 'a', /2 to 150 letters, digits, _ and -/],
    ['CB_PROJECT_NAME', 'arn:aws:codebuild:x', /2 to 150 letters, digits, _ and -/],
  ])('%s=%s', (name, value, allowed) => {
    const { problems } = jobOverrides({ [name]: value }, queue);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`${name}="${value}" is not allowed: `);
    expect(problems[0]).toMatch(allowed);
  });
});

test('every value that is not allowed is named, not the first alone', () => {
  const env = { CB_IMAGE_OVERRIDE: '?', CB_COMPUTE_TYPE_OVERRIDE: '?', CB_PROJECT_NAME: '?' };
  const { problems } = jobOverrides(env, queue);
  expect(problems.map((problem) => problem.split('=')[0])).toEqual([
    'CB_PROJECT_NAME',
    'CB_IMAGE_OVERRIDE',
    'CB_COMPUTE_TYPE_OVERRIDE',
  ]);
});

test('a queue that lists projects lets its jobs name these alone', () => {
  const limited = { ...queue, projects: ['linux-jobs', 'arm-jobs'] };
  for (const name of ['jobs', 'linux-jobs', 'arm-jobs'])
    expect(jobOverrides({ CB_PROJECT_NAME: name }, limited)).toMatchObject({
      project: name,
      problems: [],
    });
  expect(jobOverrides({ CB_PROJECT_NAME: 'deploys' }, limited).problems).toEqual([
    'CB_PROJECT_NAME="deploys" is not allowed: must be one of jobs, linux-jobs, arm-jobs',
  ]);
});
