import { describe, expect, test } from 'vitest';
import { type CellId, cellId } from '../../../../src/domain/images/cell.js';
import type { BuiltImage } from '../../../../src/domain/images/result.js';
import {
  type TrackedLine,
  readTrackerText,
  trackerText,
} from '../../../../src/domain/images/tracker/tracker.js';

const image = (name: string) => ({ [name]: { id: 'ami-0123456789abcdef0' } });
const os = (name: string, ...architectures: string[]) => ({
  name,
  variables: {},
  images: Object.assign({}, ...architectures.map(image)) as TrackedLine['baseOs'][0]['images'],
});

const line: TrackedLine = {
  line: 'runner',
  channel: 'dev',
  product: 'gitlab-runner',
  source: { kind: 'rpm', url: 'https://mirror.example/' },
  baseOs: [os('al2023', 'x86_64', 'aarch64'), os('ubuntu', 'x86_64')],
};

const on = (evr: string, name = 'al2023', arch = 'x86_64', recipe?: string): CellId =>
  cellId({ os: name, arch, evr }, recipe);
const built = (...ids: CellId[]): Record<CellId, BuiltImage> =>
  Object.fromEntries(
    ids.map((id, index) => [
      id,
      { imageId: `ami-${String(index + 1).padStart(17, '0')}`, builtAt: '2026-03-01T00:00:00Z' },
    ]),
  );
/** On every base OS and architecture of the line. */
const everywhere = (evr: string) => [on(evr), on(evr, 'al2023', 'aarch64'), on(evr, 'ubuntu')];
const idsOf = (text: string, of = line) => readTrackerText(text, of).map(({ id }) => id);

describe('Nightshift’s own format', () => {
  const record: Record<CellId, BuiltImage> = {
    ...built(on('16.9.0-1'), on('16.10.0-1'), on('2:1.0-1', 'ubuntu'), on('16.10.0-1', 'ubuntu')),
    [on('15.0.0-1')]: { imageId: 'ami-0dddddddddddddddd', prunedAt: '2026-03-02T00:00:00Z' },
    [on('14.0.0-1')]: {},
    [on('16.11.0-1', 'al2023', 'x86_64', 'abc')]: {
      imageId: 'ami-0aaaaaaaaaaaaaaaa',
      copies: { 'us-east-1': 'ami-0bbbbbbbbbbbbbbbb', 'eu-west-1': 'ami-0cccccccccccccccc' },
    },
  };

  test('holds the images of each base OS, architecture and recipe, newest version first', () => {
    expect(JSON.parse(trackerText('json', line, record))).toEqual({
      format: 'nightshift-images/1',
      line: 'runner',
      channel: 'dev',
      product: 'gitlab-runner',
      images: [
        {
          os: 'al2023',
          arch: 'x86_64',
          built: {
            '16.10.0-1': 'ami-00000000000000002',
            '16.9.0-1': 'ami-00000000000000001',
            '15.0.0-1': null,
            '14.0.0-1': null,
          },
        },
        {
          os: 'al2023',
          arch: 'x86_64',
          recipe: 'abc',
          built: { '16.11.0-1': 'ami-0aaaaaaaaaaaaaaaa' },
          copies: {
            'eu-west-1': { '16.11.0-1': 'ami-0cccccccccccccccc' },
            'us-east-1': { '16.11.0-1': 'ami-0bbbbbbbbbbbbbbbb' },
          },
        },
        {
          os: 'ubuntu',
          arch: 'x86_64',
          built: {
            '2:1.0-1': 'ami-00000000000000003',
            '16.10.0-1': 'ami-00000000000000004',
          },
        },
      ],
    });
    expect(Object.keys(firstGroup(trackerText('json', line, record)))).toEqual([
      '16.10.0-1',
      '16.9.0-1',
      '15.0.0-1',
      '14.0.0-1',
    ]);
  });

  test('is read as it was written; what is not there any more counts as built', () => {
    const read = readTrackerText(trackerText('json', line, record), line);
    expect(new Map(read.map(({ id, image: there }) => [id, there]))).toEqual(
      new Map(
        Object.entries(record).map(([id, { imageId, copies, prunedAt }]) => [
          id,
          imageId === undefined || prunedAt !== undefined
            ? undefined
            : { imageId, ...(copies ? { copies } : {}) },
        ]),
      ),
    );
  });

  test('is the same text of the same record, in whatever order that is', () => {
    const reversed = Object.fromEntries(Object.entries(record).reverse());
    expect(trackerText('json', line, reversed)).toBe(trackerText('json', line, record));
  });

  test('holds a hundred images in the 4,096 characters of a parameter', () => {
    const ids = Array.from({ length: 100 }, (_, at) =>
      on(`16.${at}.0-1`, at % 2 ? 'ubuntu' : 'al2023'),
    );
    expect(trackerText('json', line, built(...ids)).length).toBeLessThanOrEqual(4_096);
  });

  test('of another line, channel or product is refused', () => {
    for (const change of [{ line: 'x' }, { channel: 'release' }, { product: 'y' }]) {
      const text = trackerText('json', { ...line, ...change }, record);
      expect(() => readTrackerText(text, line)).toThrow(
        /^it is the tracker of .+, not of gitlab-runner of runner\/dev$/,
      );
    }
  });

  test.each([
    ['cut off', '{"format":"nightshift-images/1","li'],
    ['of a later format', '{"format":"nightshift-images/2"}'],
    ['some other JSON', '{"password":"hunter2"}'],
    ['of another shape', trackerText('json', line, {}).replace('[]', '[{"os":"hunter2"}]')],
  ])('that is %s is refused, without what is there', (_, text) => {
    expect(() => readTrackerText(text, line)).toThrow(/^it is no tracker: /);
    expect(() => readTrackerText(text, line)).not.toThrow(/hunter2/);
  });
});

function firstGroup(text: string): object {
  const parsed = JSON.parse(text) as { images: { built: object }[] };
  return parsed.images[0]?.built ?? {};
}

describe('a version per line', () => {
  test('lists versions without epoch and release, oldest first by RPM’s order', () => {
    const ids = ['16.10.0-1', '16.9.0-1', '2:16.11.0~rc1-1', '16.11.0-1', '16.2.0-3'];
    expect(trackerText('versions', line, built(...ids.flatMap(everywhere)))).toBe(
      '16.2.0\n16.9.0\n16.10.0\n16.11.0~rc1\n16.11.0\n',
    );
  });

  test('lists only what every base OS and architecture has: one’s success hides no other’s failure', () => {
    const [x86, arm, ubuntu] = everywhere('16.11.0-1') as [CellId, CellId, CellId];
    expect(trackerText('versions', line, built(...everywhere('16.9.0-1'), x86, ubuntu))).toBe(
      '16.9.0\n',
    );
    // Which release of it is of no matter, nor which recipe.
    const others = [
      x86,
      on('16.11.0-2', 'al2023', 'aarch64'),
      on('16.11.0-1', 'ubuntu', 'x86_64', 'abc'),
    ];
    expect(trackerText('versions', line, built(...others))).toBe('16.11.0\n');
    expect(trackerText('versions', line, built(arm))).not.toContain('16.11.0');
  });

  test('is never empty: no store takes that', () => {
    const text = trackerText('versions', line, {});
    expect(text.trim()).not.toBe('');
    expect(readTrackerText(text, line)).toEqual([]);
    expect(trackerText('versions', { ...line, baseOs: [] }, built(on('1-1')))).toBe(text);
  });

  test('is read as built on every base OS and architecture', () => {
    expect(idsOf('16.9.0\n16.10.0\n')).toEqual(
      ['16.9.0', '16.10.0'].flatMap((version) => everywhere(version)),
    );
    expect(idsOf('16.9.0\n', { ...line, recipe: 'abc', baseOs: [os('al2023', 'x86_64')] })).toEqual(
      [on('16.9.0', 'al2023', 'x86_64', 'abc')],
    );
  });

  test('may have blank lines, comments, a byte order mark, CRLF, releases, and a version twice', () => {
    const text = '\uFEFF16.9.0\r\n\r\n  16.10.0-1  \n# by hand\n16.9.0';
    expect(idsOf(text, { ...line, baseOs: [os('al2023', 'x86_64')] })).toEqual([
      on('16.9.0'),
      on('16.10.0-1'),
    ]);
  });

  test.each(['<html>', '16.9.0\nhunter2-is-it', '16.9.0 hunter2', `1${'0'.repeat(200)}`])(
    'that is something else is refused by its line, without what is there: %#',
    (text) => {
      expect(() => readTrackerText(text, line)).toThrow(
        /^it is no tracker: line [12] \(\d+ characters\) is no version such as 16\.11\.0/,
      );
      expect(() => readTrackerText(text, line)).not.toThrow(/hunter2/);
    },
  );

  test('of Debian packages is in dpkg’s order', () => {
    const debian: TrackedLine = {
      ...line,
      source: { kind: 'deb', url: 'https://mirror.example/', suite: 's', component: 'c' },
      baseOs: [os('ubuntu', 'amd64')],
    };
    const ids = ['1.0+b1', '1.0~rc1-1', '1.0-1', '1.0a-1'].map((evr) => on(evr, 'ubuntu', 'amd64'));
    expect(trackerText('versions', debian, built(...ids))).toBe('1.0~rc1\n1.0\n1.0a\n1.0+b1\n');
  });
});

test('either format is read whichever the line writes', () => {
  const json = trackerText('json', line, built(...everywhere('16.9.0-1')));
  expect(idsOf(json).sort()).toEqual(everywhere('16.9.0-1').sort());
  expect(idsOf('16.9.0').sort()).toEqual(everywhere('16.9.0').sort());
});
