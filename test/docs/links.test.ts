import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Doc, docs, proseOf, root } from './documents.js';

/** Hosts that the documents may send a reader to, or use in an example. */
const hosts = [
  '127.0.0.1',
  'agent-edge.buildkite.com',
  'ap-southeast-2.console.aws.amazon.com',
  'cloudcustodian.io',
  'collector',
  'docs.temporal.io',
  'gitlab.com',
  'gitlab.example',
  'keepachangelog.com',
  'mirror.example',
  'semver.org',
  'temporal.io',
  'www.apache.org',
  'www.conventionalcommits.org',
];

const linksOf = (doc: Doc): string[] => [
  ...[...proseOf(doc).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? ''),
  ...[...proseOf(doc).matchAll(/(?:src|srcset)="([^"]+)"/g)].map((match) => match[1] ?? ''),
];

const localLinks = docs.flatMap((doc) =>
  linksOf(doc)
    .filter((link) => !/^https?:/.test(link))
    .map((link) => [doc.path, link] as const),
);

/** Ids that GitHub gives the headings of a document. */
function anchorsOf(path: string): string[] {
  const text = readFileSync(path, 'utf8').replace(/^```.*?^```$/gms, '');
  return [...text.matchAll(/^#+ (.+)$/gm)].map((match) =>
    (match[1] ?? '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );
}

describe('a link of a document', () => {
  it.each(localLinks)('leads somewhere: %s → %s', (from, link) => {
    const [file = '', anchor] = link.split('#');
    const path = file === '' ? join(root, from) : normalize(join(root, from, '..', file));
    expect(existsSync(path), `${path} is there`).toBe(true);
    if (anchor !== undefined) expect(anchorsOf(path)).toContain(anchor);
  });

  it('to elsewhere goes to a host that is known', () => {
    const used = docs.flatMap(({ path, text }) =>
      [...text.matchAll(/https?:\/\/([\w.-]+)/g)].map((match) => [path, match[1] ?? ''] as const),
    );
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter(([, host]) => !hosts.includes(host))).toEqual([]);
  });
});

describe('the documents', () => {
  it('hold no path of the machine that they were written on', () => {
    for (const { path, text } of docs) {
      expect(text, path).not.toMatch(/\/(?:Users|home)\/(?!node\/)\w/);
      for (const folder of [root, homedir()]) expect(text, path).not.toContain(`${folder}/`);
    }
  });

  it('are all reached from README.md', () => {
    const reached = new Set(['README.md']);
    for (const from of reached) {
      const doc = docs.find(({ path }) => path === from);
      for (const link of doc ? linksOf(doc) : [])
        if (/\.md(#|$)/.test(link) && !link.startsWith('http'))
          reached.add(normalize(join(from, '..', link.split('#')[0] ?? '')));
    }
    expect(docs.map(({ path }) => path).filter((path) => !reached.has(path))).toEqual([]);
  });
});
