import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { custodianYaml } from '../../src/config/policy-yaml.js';
import { readYaml } from '../../src/config/yaml-source.js';
import { configSchema, lineSchema } from '../../src/domain/config/index.js';
import { parsePolicies } from '../../src/domain/policy/index.js';
import { faultSchema } from '../../sandbox/faults/schema.js';
import { configWith, smallest, smallestImages } from '../config/fixtures.js';
import { type Block, blocksOf, docAt, docs, proseOf, root } from './documents.js';
import { allCommands, problemOf } from './nightshift-command.js';
import { scriptProblems } from './script-check.js';
import { commandsOf, optionOf } from './shell.js';

const blocks = docs.flatMap(blocksOf);
const of = (language: string) => blocks.filter((block) => block.language === language);
/** Commands may also stand in a block that names no language. */
const scripts = [...of('sh'), ...of('').filter(({ text }) => /^npx /m.test(text))];
const placed = (found: readonly Block[]) => found.map((block) => [block.place, block] as const);

describe('what a reader types', () => {
  it('is found in the documents', () => {
    expect(docs.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['README.md', 'docs/operations.md', 'sandbox/s3/README.md']),
    );
    expect(scripts.length).toBeGreaterThan(15);
  });

  it.each(placed(scripts))('works as printed: the commands of %s', (_place, block) => {
    expect(scriptProblems(block)).toEqual([]);
  });

  it('is told from what does not work', () => {
    const wrong = (text: string) =>
      scriptProblems({ text, place: '', folder: '', language: 'sh' }).length;
    expect(wrong('npx nightshift cleanup plan --local --account dev-1   # a comment')).toBe(0);
    expect(wrong('npx nightshift cleanup plan --locale')).toBe(1);
    expect(wrong('npx nightshift cleanup rum')).toBe(1);
    expect(wrong('npx nightshift cleanup watch')).toBe(1);
    expect(wrong('npx nightshift worker --log-level loud')).toBe(1);
    expect(wrong('npm ci && npm run nothing')).toBe(1);
    expect(wrong('cp nowhere.yaml nightshift.yaml')).toBe(1);
    expect(wrong('docker compose logs --follow nobody')).toBe(1);
    expect(wrong('sudo anything')).toBe(1);
    expect(
      wrong(
        'aws cloudformation deploy --template-file deploy/iam/hub-role.yaml --parameter-overrides No=1',
      ),
    ).toBe(1);
    expect(wrong(`temporal workflow start --type cleanup --input '{"polices":[]}'`)).toBe(1);
    expect(wrong(`temporal workflow start --type imageCheck --input '{"line":"A/B"}'`)).toBe(1);
    expect(wrong('(cd docs && zip -q - nowhere.md)')).toBe(1);
    expect(wrong('(cd nowhere && npm ci)')).toBe(1);
  });

  const named = docs.flatMap((doc) =>
    [...proseOf(doc).matchAll(/`(?:npx )?nightshift ([a-z][^`]*)`/g)].map((match) => [
      doc.path,
      match[1] ?? '',
    ]),
  );

  it.each(named)('is a command where %s names it: %s', (_path, text) => {
    const [words = []] = commandsOf(text);
    expect(problemOf(words, { inProse: true })).toBeUndefined();
  });

  it('has every command of the program somewhere', () => {
    const text = docs.map((doc) => doc.text).join('\n');
    const changelog = docAt('CHANGELOG.md');
    const missing = allCommands().filter((command) => {
      const last = command.split(' ').at(-1) ?? '';
      return !text.includes(`nightshift ${command}`) && !changelog.includes(`\`${last}\``);
    });
    expect(missing).toEqual([]);
  });
});

const [smallestLine] = (parse(smallestImages) as { images: object[] }).images;
const withLine = (keys: object) => ({ images: [{ ...smallestLine, ...keys }] });

/** Whether these are keys of a line of images, to be put into one. */
function isPartOfLine(keys: object): boolean {
  return Object.keys(keys).every((key) => key in lineSchema.shape);
}

describe('examples in YAML and JSON', () => {
  it.each(placed(of('yaml')))('are read by the program: %s', (place, { text }) => {
    // As the program reads it: duplicate keys and tabs are errors.
    const { value } = readYaml(text, place);
    const sections = (value ?? {}) as Record<string, unknown>;
    if ('apiVersion' in sections || 'on' in sections) return;
    const { policies } = sections;
    const isPolicyFile = Array.isArray(policies) && typeof policies[0] === 'object';
    if (isPolicyFile || Array.isArray(value)) {
      const read = readYaml(text, place, custodianYaml).value;
      const document = isPolicyFile ? read : { policies: read };
      expect(parsePolicies(document, place).length).toBeGreaterThan(0);
    } else {
      const config = configWith(isPartOfLine(sections) ? withLine(sections) : sections);
      expect(configSchema.safeParse(config).error?.issues ?? []).toEqual([]);
    }
  });

  it.each(placed(of('json')))('are JSON: %s', (_place, { text }) => {
    expect(() => JSON.parse(text) as unknown).not.toThrow();
  });

  it('of the sandbox’s faults are faults', () => {
    const given = scripts
      .flatMap(({ text }) => commandsOf(text))
      .filter((words) => words[0] === 'curl')
      .flatMap((words) => optionOf(words, '--data') ?? []);
    expect(given.length).toBeGreaterThan(0);
    for (const fault of given)
      expect(faultSchema.safeParse(JSON.parse(fault)).error?.issues ?? []).toEqual([]);
  });
});

describe('README.md', () => {
  const readme = docAt('README.md');

  it('shows the smallest config, which works as it stands', () => {
    expect(readme).toContain('```yaml\n' + smallest + '```');
  });

  it('shows the smallest config of images, which works as it stands', () => {
    const shown = blocksOf({ path: 'README.md', text: readme })
      .filter(({ language }) => language === 'yaml')
      .map(({ text }) => parse(text) as unknown);
    expect(shown).toContainEqual(parse(smallestImages));
  });

  it('asks for the Node that package.json asks for', () => {
    const { engines } = parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      engines: { node: string };
    };
    expect(readme).toContain(`Node ${engines.node.replace('>=', '')}`);
  });

  it('has pictures that are quick to load', () => {
    const pictures = [...readme.matchAll(/docs\/images\/[\w.-]+/g)].map(([path]) => path);
    expect(pictures.length).toBeGreaterThanOrEqual(3);
    for (const path of pictures)
      expect(readFileSync(join(root, path)).length).toBeLessThan(150 * 1024);
  });
});
