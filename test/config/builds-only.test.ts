import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  accountsForBuilds,
  buildkiteOf,
  buildsOf,
  cleanupSections,
  configSchema,
} from '../../src/domain/config/index.js';
import { InvalidInputError } from '../../src/domain/errors.js';
import { docAt } from '../docs/documents.js';
import { buildkite, issuesOf, smallest, smallestBuildkite } from './fixtures.js';

const config = (text: string) => configSchema.parse(parse(text));

describe('a config of builds only', () => {
  const missing = ['accounts', 'regions', 'policies'];

  test.each(['builds: {}\n', smallestBuildkite])(
    'needs none of accounts, regions, policies: %s',
    (text) => {
      const read = config(text);
      for (const section of missing) expect(read).not.toHaveProperty(section);
    },
  );

  test('is told by builds or buildkite: any other needs all three', () => {
    const issues = issuesOf('temporal: { namespace: platform }\n');
    expect(issues.map(({ path }) => path)).toEqual(missing);
    for (const { source, message } of issues) {
      expect(source).toBe('nightshift.yaml:1');
      expect(message).toMatch(/^is missing: must be a (list|mapping) of /);
    }
  });

  test('what is missing is said along with all else that is wrong', () => {
    const paths = issuesOf('pace: { retries: many }\n').map(({ path }) => path);
    expect(paths.sort()).toEqual(['accounts', 'pace.retries', 'policies', 'regions']);
  });

  test('is refused by a cleanup, which says what is missing', () => {
    const refusal = (text: string) => {
      try {
        cleanupSections(config(text));
      } catch (error) {
        if (error instanceof InvalidInputError) return error.message.split('\n');
        throw error;
      }
      return [];
    };
    const said = (section: string) =>
      `nightshift.yaml: ${section}: is missing: a cleanup needs accounts, regions and policies`;
    expect(refusal('builds: {}\n')).toEqual(missing.map(said));
    expect(refusal('builds: {}\nregions: [us-east-1]\n')).toEqual(
      ['accounts', 'policies'].map(said),
    );
    expect(refusal(smallest)).toEqual([]);
    expect(docAt('docs/configuration.md')).toContain(`\n${said('accounts')}\n`);
  });

  test('works in the organization’s accounts, by the role that deploy/iam makes', () => {
    expect(accountsForBuilds(config('builds: {}\n'))).toEqual({
      organizations: {},
      role: 'arn:aws:iam::{accountId}:role/nightshift-spoke',
      sessionName: 'nightshift',
    });
    expect(accountsForBuilds(config(smallest)).ssm).toEqual({ path: '/nightshift/accounts' });
  });

  test('need not speak of Buildkite, until its queues are to be served', () => {
    expect(() => buildkiteOf(config('builds: {}\n'))).toThrow(
      'nightshift.yaml: buildkite: is missing: it must hold the agent token’s name and the queues',
    );
    expect(buildsOf(config(buildkite())).pollInterval).toBe('5s');
  });
});
