import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/index.js';
import { InvalidInputError } from '../../src/domain/errors.js';
import { checkout } from './checkout.js';
import { smallest } from './fixtures.js';

const policy = (name: string, more = ''): string => `\
policies:
  - name: ${name}
    resource: aws.cfn
    filters:
      - "tag:ephemeral": "true"
    actions: [delete]
${more}`;

const load = (files: Record<string, string>) => loadConfig({ cwd: checkout(files), env: {} });

/** The issues of a config and its files, as lines; fails when there are none. */
async function issuesOf(files: Record<string, string>): Promise<string[]> {
  const error: unknown = await load(files).catch((reason: unknown) => reason);
  if (!(error instanceof InvalidInputError))
    throw new Error('InvalidInputError expected', { cause: error });
  return error.message.split('\n');
}

test('the smallest config loads with its policies', async () => {
  const { config, policies } = await load({
    'nightshift.yaml': smallest,
    'policies/b.yml': policy('stacks'),
    'policies/a.yml': policy('more-stacks'),
    'policies/notes.txt': 'not a policy',
  });
  expect(config.temporal.taskQueue).toBe('nightshift');
  expect(policies.map(({ name, source }) => `${source} ${name}`)).toEqual([
    'policies/a.yml more-stacks',
    'policies/b.yml stacks',
  ]);
});

test('policies are relative to the config, wherever the command runs', async () => {
  const cwd = checkout({ 'team/nightshift.yaml': smallest, 'team/policies/a.yml': policy('a') });
  const { policies } = await loadConfig({ path: 'team/nightshift.yaml', cwd, env: {} });
  expect(policies.map(({ source }) => source)).toEqual(['team/policies/a.yml']);
});

test('policies come in the order they run in', async () => {
  const after = '    metadata: { nightshift: { after: [z] } }\n';
  const { policies } = await load({
    'nightshift.yaml': smallest,
    'policies/a.yml': policy('a', after),
    'policies/z.yml': policy('z'),
  });
  expect(policies.map(({ name }) => name)).toEqual(['z', 'a']);
});

test('a file that two globs find is read once', async () => {
  const { policies } = await load({
    'nightshift.yaml': smallest.replace('[policies/*.yml]', '[policies/a.yml, "**/*.yml"]'),
    'policies/a.yml': policy('a'),
    'policies/b.yml': policy('b'),
  });
  expect(policies.map(({ name }) => name)).toEqual(['a', 'b']);
});

describe('an error says where:', () => {
  test('a glob that finds nothing', async () => {
    const [issue, ...others] = await issuesOf({
      'nightshift.yaml': smallest.replace(
        '[policies/*.yml]',
        '\n  - policies/*.yml\n  - other.yml',
      ),
      'policies/a.yml': policy('a'),
    });
    expect(issue).toContain('nightshift.yaml:7: policies[1]: "other.yml" names no file in ');
    expect(others).toEqual([]);
  });

  test('a policy name in two files', async () => {
    expect(
      await issuesOf({
        'nightshift.yaml': smallest,
        'policies/a.yml': policy('same'),
        'policies/b.yml': policy('same'),
      }),
    ).toEqual([
      'policies/b.yml: policies: the policy "same" is in policies/a.yml already; each name may be used once',
    ]);
  });

  test('a schedule of a policy that is not there', async () => {
    const schedule = 'schedules:\n  - name: nightly\n    cron: "@daily"\n    policies: [stack]\n';
    expect(
      await issuesOf({
        'nightshift.yaml': `${smallest}${schedule}`,
        'policies/a.yml': policy('stacks'),
      }),
    ).toEqual([
      'nightshift.yaml:9: schedules[0].policies[0]: "stack" is not a policy (did you mean stacks?); the policy files have stacks',
    ]);
  });

  test('a mistake in a policy, with the line in its file', async () => {
    const [issue] = await issuesOf({
      'nightshift.yaml': smallest,
      'policies/a.yml': policy('a').replace('[delete]', '[stop]'),
    });
    expect(issue).toMatch(/^policies\/a\.yml:6: policies\[0\]\.actions\[0\]: .*stop/);
  });

  test('a mistake in an option of a policy', async () => {
    const [issue] = await issuesOf({
      'nightshift.yaml': smallest,
      'policies/a.yml': policy('a', '    metadata:\n      nightshift:\n        passes: 0\n'),
    });
    expect(issue).toMatch(/^policies\/a\.yml:9: policies\[0\]\.metadata\.nightshift\.passes: /);
  });

  test('mistakes in several files at once', async () => {
    const issues = await issuesOf({
      'nightshift.yaml': smallest,
      'policies/a.yml': 'policies: [\n',
      'policies/b.yml': 'policies: []\npolicies: []\n',
      'policies/c.yml': policy('c').replace('aws.cfn', 'aws.ec2'),
    });
    expect(issues.map((issue) => issue.split(': ')[0])).toEqual([
      expect.stringMatching(/^policies\/a\.yml:\d$/),
      'policies/b.yml:2',
      'policies/c.yml:3',
    ]);
  });

  test('policies that wait for each other', async () => {
    const after = (name: string) => `    metadata: { nightshift: { after: [${name}] } }\n`;
    const issues = await issuesOf({
      'nightshift.yaml': smallest,
      'policies/a.yml': policy('a', after('b')),
      'policies/b.yml': policy('b', after('a')),
    });
    expect(issues.join()).toContain('a → b → a');
  });
});

test('a config is checked before its policies are read', async () => {
  const issues = await issuesOf({ 'nightshift.yaml': `${smallest}pace: { retries: x }\n` });
  expect(issues).toEqual([
    'nightshift.yaml:6: pace.retries: "x" is not allowed: must be a whole number from 0 to 50',
  ]);
});

test("a policy's values are what Custodian would see", async () => {
  const { policies } = await load({
    'nightshift.yaml': smallest,
    'policies/a.yml': policy('a').replace('"true"', 'yes'),
  });
  expect(JSON.stringify(policies[0]?.filters)).toContain('true');
  expect(JSON.stringify(policies[0]?.filters)).not.toContain('yes');
});
