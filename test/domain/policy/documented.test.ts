import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadPolicies } from '../../../src/config/policies.js';
import { custodianYaml } from '../../../src/config/policy-yaml.js';
import { readYaml } from '../../../src/config/yaml-source.js';
import { operators, valueTypes } from '../../../src/domain/policy/filters/syntax.js';
import {
  policyOptionsSchema,
  resourceOptionsSchema,
  stackOptionsSchema,
} from '../../../src/domain/policy/options.js';
import { parsePolicies, resourceTypes } from '../../../src/domain/policy/index.js';
import { checkout } from '../../config/checkout.js';
import { parsePolicy, policyIssues } from './policies.js';

const root = join(import.meta.dirname, '..', '..', '..');
const doc = readFileSync(join(root, 'docs', 'policies.md'), 'utf8');

interface Block {
  /** What stands after `yaml`: nothing for a file, a resource for a list of filters. */
  of: string;
  text: string;
  /** The block that follows, for what is refused. */
  answer: string;
}

const fences = [...doc.matchAll(/^```(\S*) ?(.*)\n([^]*?)^```$/gm)];
const blocks = fences.flatMap(([, language, of = '', text = ''], index): Block[] =>
  language === 'yaml' ? [{ of, text, answer: fences[index + 1]?.[3] ?? '' }] : [],
);
const read = (text: string): unknown => readYaml(text, 'policies.md', custodianYaml).value;

describe('docs/policies.md', () => {
  const files = blocks.filter(({ of }) => of === '');
  const lists = blocks.filter(({ of }) => of.startsWith('aws.'));
  const refused = blocks.filter(({ of }) => of === 'refused.yml');

  test('has examples of files, of filters and of what is refused, and nothing else', () => {
    expect(files.length).toBeGreaterThan(4);
    expect(lists.length).toBeGreaterThan(4);
    expect(refused).toHaveLength(1);
    expect(files.length + lists.length + refused.length).toBe(blocks.length);
  });

  test.each(files)('an example that is a file works: $text', ({ text }) => {
    expect(parsePolicies(read(text), 'policies.md').length).toBeGreaterThan(0);
  });

  test.each(lists)('an example of filters for $of works: $text', ({ of, text }) => {
    const filters = read(text);
    expect(parsePolicy({ resource: of, filters }).filters).toHaveLength(
      Array.isArray(filters) ? filters.length : 0,
    );
  });

  test.each(refused)('what is refused looks as it is shown', async ({ of, text, answer }) => {
    const folder = checkout({ [`policies/${of}`]: text });
    const query = {
      patterns: ['policies/*.yml'],
      folder,
      cwd: folder,
      locate: () => ({ source: '' }),
    };
    const message = await loadPolicies(query).then(
      () => 'accepted',
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    expect(message).toBe(answer.trimEnd());
  });

  // A name as the page shows names.
  const shows = (name: string) =>
    expect(doc, `docs/policies.md lacks ${name}`).toContain(`\`${name}\``);

  test.each(operators)('lists the operator %s', (name) => {
    shows(name);
  });

  test.each([...valueTypes, 'resource_count'])('lists the value type %s', (name) => {
    shows(name);
  });

  test.each(Object.values(resourceTypes))('lists $names and what can be read of it', (type) => {
    for (const name of [...type.names, ...type.fields, ...Object.keys(type.refused)]) shows(name);
  });

  test('lists every filter', () => {
    const [said] = policyIssues({ resource: 'aws.rds-snapshot', filters: ['nonsense'] });
    const names = /there are ([^;]+);/.exec(said ?? '')?.[1]?.split(', ') ?? [];
    expect(names).toEqual(
      expect.arrayContaining(['value', 'marked-for-op', 'age', 'latest', 'not']),
    );
    for (const name of names) shows(name);
  });

  test('lists every key of a value filter', () => {
    const filters = [{ type: 'value', key: 'StackName', value: 'x', nonsense: 1 }];
    for (const name of allowed(policyIssues({ filters }))) shows(name);
  });

  test('lists every key of marked-for-op', () => {
    const filters = [{ type: 'marked-for-op', op: 'delete', nonsense: 1 }];
    for (const name of allowed(policyIssues({ filters }))) shows(name);
  });

  test('lists every key of a policy', () => {
    for (const name of allowed(policyIssues({ nonsense: 1 }))) shows(name);
  });

  test('lists every function of JMESPath', () => {
    const names = allowed(policyIssues({ filters: [{ 'nonsense(StackName)': 'x' }] }));
    expect(names).toContain('from_json');
    for (const name of names) shows(name);
  });

  test.each(['aws.cfn', 'aws.s3'])('lists the options of delete for %s', (resource) => {
    const actions = [{ type: 'delete', nonsense: true }];
    for (const name of allowed(policyIssues({ resource, actions }))) shows(name);
  });

  test('lists every option of metadata.nightshift with its values and its default', () => {
    const defaults = policyOptionsSchema.parse({ terminationProtection: 'skip' });
    for (const [name, schema] of Object.entries(stackOptionsSchema.shape)) {
      const row = doc.split('\n').find((line) => line.startsWith(`| \`${name}\``)) ?? '';
      const [, , resources, values, standard] = row.split('|').map((cell) => cell.trim());
      expect(resources).toBe(
        Object.hasOwn(resourceOptionsSchema.shape, name) ? 'all' : '`aws.cfn`',
      );
      for (const value of wordsOf(schema)) expect(values).toContain(`\`${value}\``);
      const written: unknown = Object.entries(defaults).find(([key]) => key === name)?.[1];
      if (written === undefined || name === 'terminationProtection') continue;
      expect(standard).toBe(
        `\`${typeof written === 'string' ? written : JSON.stringify(written)}\``,
      );
    }
  });
});

/** The names that the one issue gives as allowed. */
function allowed(issues: string[]): string[] {
  expect(issues).toHaveLength(1);
  const names = /there are ([^;]+)$/.exec(issues.join())?.[1]?.split(', ') ?? [];
  expect(names.length, issues.join()).toBeGreaterThan(1);
  return names;
}

/** The words that a schema of an option takes, optional or with a default. */
function wordsOf(
  schema: (typeof stackOptionsSchema.shape)[keyof typeof stackOptionsSchema.shape],
): string[] {
  const inner = schema.unwrap();
  return 'options' in inner ? inner.options : [];
}
