import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { configSchema } from '../../src/domain/config/index.js';
import { configJsonSchema } from '../../src/domain/config/json-schema.js';
import { readYaml } from '../../src/config/yaml-source.js';
import { configWith, smallest, smallestBuildkite, smallestImages } from './fixtures.js';

const root = join(import.meta.dirname, '..', '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

const example = read('nightshift.example.yaml');
const doc = read('docs/configuration.md');
const committed: unknown = JSON.parse(read('schema/nightshift.schema.json'));

const accepts = new Ajv({ strict: false }).compile(configJsonSchema());
const check = (value: unknown): unknown => {
  accepts(value);
  return accepts.errors;
};

const { buildkite: parsedBuildkite } = parse(smallestBuildkite) as { buildkite: object };
const line = (more: object) => ({
  images: (parse(smallestImages) as { images: object[] }).images.map((each) => ({
    ...each,
    ...more,
  })),
});

const nodeSchema = z.looseObject({
  description: z.string().optional(),
  default: z.unknown().optional(),
  get properties() {
    return z.record(z.string(), nodeSchema).optional();
  },
  get items() {
    return nodeSchema.optional();
  },
  /** Of keys that are names of the writer's own; false where there are none. */
  get additionalProperties() {
    return z.union([z.boolean(), nodeSchema]).optional();
  },
  get anyOf() {
    return z.array(nodeSchema).optional();
  },
});
type Node = z.infer<typeof nodeSchema>;

interface Key {
  path: string;
  name: string;
  description: string | undefined;
  default: unknown;
  isLeaf: boolean;
}

/** Every key of the schema: `accounts.list[].id`, `builds.presets.<name>.project`. */
function keysOf(node: Node, path = ''): Key[] {
  const own = Object.entries(node.properties ?? {}).flatMap(([name, child]) => {
    const inner = keysOf(child, path === '' ? name : `${path}.${name}`);
    const key = {
      path: path === '' ? name : `${path}.${name}`,
      name,
      description: child.description,
      default: child.default,
      isLeaf: inner.length === 0,
    };
    return [key, ...inner];
  });
  const items = node.items ? keysOf(node.items, `${path}[]`) : [];
  const { additionalProperties: named } = node;
  const entries = typeof named === 'object' ? keysOf(named, `${path}.<name>`) : [];
  const branches = (node.anyOf ?? []).flatMap((branch) => keysOf(branch, path));
  return [...own, ...items, ...entries, ...branches];
}

const keys = keysOf(nodeSchema.parse(configJsonSchema()));

test('the keys are found in the schema', () => {
  const paths = keys.map(({ path }) => path);
  expect(paths).toContain('accounts.list[].id');
  expect(paths).toContain('notifications.slack.webhook.ssm');
  expect(paths).toContain('regions.exclude');
  expect(paths).toContain('buildkite.queues[].retry.attempts');
  expect(paths).toContain('builds.presets.<name>.env.<name>.ssm');
  expect(paths).toContain('images[].baseOs[].baseImage.byArchitecture.<name>.ssm');
  expect(new Set(paths).size).toBe(paths.length);
});

describe('the JSON Schema', () => {
  test('in the checkout is that of the code (else: npm run build)', () => {
    expect(committed).toEqual(configJsonSchema());
  });

  test('has a description for every key', () => {
    const undescribed = keys.filter(({ description }) => description === undefined);
    expect(undescribed.map(({ path }) => path)).toEqual([]);
  });

  test.each([smallest, smallestBuildkite, smallestImages, 'builds: {}\n'])(
    'accepts a small config: %s',
    (text) => {
      expect(check(parse(text))).toBeNull();
    },
  );

  test.each([
    ['an unknown key', { pace: { fast: true } }],
    ['a wrong type', { pace: { retries: 'many' } }],
    ['two sources of accounts', { accounts: { ssm: { path: '/a' }, organizations: {} } }],
    ['no source of accounts', { accounts: {} }],
    ['a duration without a unit', { pace: { pollInterval: '5' } }],
    ['an unknown key of a preset', { builds: { presets: { image: { imge: 'a' } } } }],
    ['a time limit without a unit', { builds: { presets: { image: { timeout: '90' } } } }],
    ['Buildkite without queues', { buildkite: { token: { ssm: '/a' } } }],
    ['an agent token', { buildkite: { ...parsedBuildkite, token: 'secret' } }],
    ['an intake that is none', { buildkite: { ...parsedBuildkite, intake: 'agents' } }],
    ['a branch for a channel', line({ channel: 'feature/a_b' })],
    ['two sources of packages', line({ source: { rpm: 'https://a.example', deb: {} } })],
    ['a builder that is none', line({ builder: { packer: {} } })],
    ['GitLab’s token', line({ builder: { gitlab: { project: 'a/b', token: 'glpat-x' } } })],
    ['a webhook URL', { notifications: { slack: { webhook: 'https://hooks.slack.com/x' } } }],
  ])('refuses %s, as the program does', (_what, sections) => {
    expect(check(configWith(sections))).not.toBeNull();
    expect(configSchema.safeParse(configWith(sections)).success).toBe(false);
  });
});

describe('nightshift.example.yaml', () => {
  test('starts with the line by which editors find the schema', () => {
    expect(example.split('\n')[0]).toBe(
      '# yaml-language-server: $schema=./schema/nightshift.schema.json',
    );
  });

  test('is a config, to the program and to editors', () => {
    const { value } = readYaml(example, 'nightshift.example.yaml');
    expect(configSchema.safeParse(value).error?.issues ?? []).toEqual([]);
    expect(check(value)).toBeNull();
  });

  test('sets nothing but what must be set to other than its default', () => {
    const config = configSchema.parse(parse(example));
    expect(config).toEqual(configSchema.parse(parse(smallest)));
  });

  test('is a config, too, with what is commented out put in, and then has every key', () => {
    const value: unknown = parse(uncommented(example));
    expect(configSchema.safeParse(value).error?.issues ?? []).toEqual([]);
    const shown = pathsOf(value);
    const absent = keys.filter(({ path, isLeaf }) => isLeaf && !isShown(path, shown));
    // What can't stand beside what is there is told in comments.
    expect(absent.map(({ path }) => path)).toEqual([
      'accounts.list[].name',
      'accounts.list[].id',
      'accounts.organizations.ou',
      'regions.allowed',
      'regions.include',
      'regions.exclude',
      'notifications.slack.webhook.env',
    ]);
    for (const { name } of absent) expect(example).toMatch(new RegExp(`#.*\\b${name}: `));
  });
});

describe('docs/configuration.md', () => {
  test.each(keys.filter(({ isLeaf }) => isLeaf).map((key) => [key.path, key.default]))(
    'has a row for %s with its default',
    (path, standard) => {
      const row = doc.split('\n').find((line) => line.startsWith(`| \`${path}\` `));
      if (path === 'policies') return expect(doc).toContain('## policies');
      expect(row).toBeDefined();
      if (standard !== undefined) expect(row).toContain(`\`${written(standard)}\``);
    },
  );

  test('has no row for a key that is gone', () => {
    const documented = [...doc.matchAll(/^\| `([^`]+)`/gm)].map(([, path]) => path);
    expect(documented.filter((path) => !keys.some((key) => key.path === path))).toEqual([]);
  });

  const examples = [...doc.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, text]) => text ?? '');

  test.each(examples)('has an example that works: %s', (text) => {
    const sections = (parse(text) ?? {}) as Record<string, unknown>;
    const config = configWith(sections);
    expect(configSchema.safeParse(config).error?.issues ?? []).toEqual([]);
    expect(check(config)).toBeNull();
  });
});

/** The example with what is commented out put in, save the other sources of accounts. */
function uncommented(text: string): string {
  const otherSources = /^  # list:\n(  # .*\n)*/m;
  return text.replace(otherSources, '').replace(/^(\s*)# (\s*(?:- )?[a-z]\w*:(?: .*)?)$/gm, '$1$2');
}

/** Every path in a value, written as the schema's are. */
function pathsOf(value: unknown, path = ''): Set<string> {
  const inner = Array.isArray(value)
    ? value.flatMap((item) => [...pathsOf(item, `${path}[]`)])
    : typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, item]) => [
          ...pathsOf(item, path === '' ? key : `${path}.${key}`),
        ])
      : [];
  return new Set([path, ...inner]);
}

/** Whether a key of the schema is among these paths, whatever its names of the writer's own. */
function isShown(key: string, shown: ReadonlySet<string>): boolean {
  const parts = key.split('<name>').map((part) => part.replace(/[.[\]]/g, '\\$&'));
  const pattern = new RegExp(`^${parts.join('[^.]+')}$`);
  return [...shown].some((path) => pattern.test(path));
}

function written(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
