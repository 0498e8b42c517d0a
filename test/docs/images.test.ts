import { describe, expect, it, test } from 'vitest';
import { exitCodes } from '../../src/cli/exit.js';
import { coloursFor } from '../../src/cli/output.js';
import { renderLineStatus } from '../../src/cli/views/image-matrix.js';
import { startedLines } from '../../src/cli/views/image-outcome.js';
import { renderLinePlan } from '../../src/cli/views/image-plan.js';
import { buildEnvironment } from '../../src/domain/images/environment.js';
import { imageKey } from '../../src/domain/images/cell.js';
import type { CellStatus, LineStatus } from '../../src/domain/images/result.js';
import type { ImageSpec } from '../../src/domain/images/spec.js';
import { imageTags } from '../../src/domain/images/tags.js';
import { readPartsHead } from '../../src/domain/images/tracker/parts.js';
import { type TrackedLine, readTrackerText } from '../../src/domain/images/tracker/tracker.js';
import { parseEvr, parseRange } from '../../src/domain/images/versions/index.js';
import { countCells } from '../../src/report/images/matrix.js';
import { blocksOf, docAt, tableOf } from './documents.js';
import { allCommands } from './nightshift-command.js';

const images = docAt('docs/images.md');
const blocks = blocksOf({ path: 'docs/images.md', text: images });
const ticked = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
/** What the first column of a table names, several in a cell among it. */
const named = (header: string) =>
  tableOf(images, header).flatMap(([cell = '']) => (cell.includes('`') ? ticked(cell) : [cell]));
/** The block of a language that has this text in it. */
const blockWith = (language: string, text: string) =>
  blocks.find((block) => block.language === language && block.text.includes(text))?.text ?? '';

const al2023: CellStatus = { os: 'al2023', arch: 'x86_64', evr: '16.10.0-1', state: 'missing' };
const rocky9: CellStatus = { ...al2023, os: 'rocky9' };
const status: LineStatus = {
  line: 'gitlab-runner',
  channel: 'dev',
  product: 'gitlab-runner',
  cells: [],
  awaitingApproval: 0,
};
const how = { columns: 80, colours: coloursFor({ isTTY: false }), now: Date.UTC(2026, 10, 21) };

describe('docs/images.md', () => {
  it('explains every state of an image', () => {
    expect(named('an image is').sort()).toEqual(Object.keys(countCells([])).sort());
  });

  it('names every tag, and shows a key as it is made', () => {
    expect(named('tag').sort()).toEqual(Object.values(imageTags).sort());
    const key = imageKey(status, 'gitlab-runner', 'al2023/x86_64/16.11.0-1');
    expect(tableOf(images, 'tag')[0]?.join()).toContain(`\`${key}\``);
  });

  it('names every variable that a builder is told, and no others', () => {
    const spec: Pick<
      ImageSpec,
      'product' | 'cell' | 'os' | 'key' | 'recipe' | 'line' | 'channel'
    > & { place: { target: { region: string } } } = {
      ...status,
      cell: al2023,
      os: { name: 'al2023', user: 'ec2-user', variables: {} },
      key: '',
      recipe: '1',
      place: { target: { region: 'us-east-1' } },
    };
    const told = buildEnvironment(spec as ImageSpec, 'ami-0123456789abcdef0');
    expect(named('variable').sort()).toEqual(Object.keys(told).sort());
  });

  it('names every command of images, and flags that there are', () => {
    const commands = named('command').map((text) => text.replace(/^nightshift | <line>$/g, ''));
    expect(commands.sort()).toEqual(
      allCommands()
        .filter((command) => command.startsWith('images '))
        .sort(),
    );
  });

  it('has ranges that mean what it says', () => {
    const holds = (range: string, version: string) =>
      parseRange(range.replaceAll('\\|', '|'), 'rpm')(parseEvr(version));
    for (const range of named('range')) expect(() => holds(range, '16.0-1')).not.toThrow();
    expect(holds('16', '16.11.0-1')).toBe(true);
    expect(holds('16', '160.1-1')).toBe(false);
    expect(holds('=16.11.0', '16.11.0-7')).toBe(true);
    expect(holds('=16.11.0-1', '16.11.0-7')).toBe(false);
    expect(holds('<18', '18~rc1-1')).toBe(true);
    expect(holds('>=18', '18~rc1-1')).toBe(false);
    expect(holds('16.1.1', '16.1.10-1')).toBe(false);
  });

  it('explains only exit codes that there are', () => {
    const text = images.slice(images.indexOf('## Exit codes'));
    const codes = tableOf(text, 'code').map(([code]) => Number(code));
    expect(codes).toEqual(Object.values(exitCodes));
  });
});

describe('trackers as docs/images.md shows them', () => {
  const line: TrackedLine = {
    ...status,
    source: { kind: 'rpm', url: 'https://mirror.example' },
    baseOs: [{ name: 'al2023', variables: {}, images: { x86_64: { id: '' } } }],
  };

  test('json is read', () => {
    const cells = readTrackerText(blockWith('json', 'nightshift-images/1'), line);
    expect(cells).toEqual([
      {
        id: 'al2023/x86_64/16.11.0-1',
        image: {
          imageId: 'ami-0f70b94aeb67de2a5',
          copies: { 'us-east-1': 'ami-0a1b2c3d4e5f60718' },
        },
      },
      { id: 'al2023/x86_64/16.10.0-1' },
    ]);
  });

  test('the head of one in parts is read', () => {
    const head = readPartsHead(blockWith('json', 'nightshift-images-parts/1'));
    expect(head).toMatchObject({ ...{ line: 'gitlab-runner', channel: 'dev' }, generation: 17 });
    expect(head?.parts).toHaveLength(2);
  });

  test('versions are read', () => {
    const cells = readTrackerText(blockWith('text', '16.9.0\n16.11.0\n'), line);
    expect(cells.map(({ id }) => id)).toEqual(['al2023/x86_64/16.9.0', 'al2023/x86_64/16.11.0']);
  });
});

describe('output as docs/images.md shows it', () => {
  test('of plan', () => {
    const cells: CellStatus[] = ['16.11.0-1', '16.10.0-1', '16.9.0-1'].flatMap((evr) =>
      [al2023, rocky9].map((cell) => ({
        ...cell,
        evr,
        ...(evr === '16.9.0-1' ? { reason: 'waits for approval' } : {}),
      })),
    );
    const plan = renderLinePlan({ ...status, cells, awaitingApproval: 2 }, how);
    expect(blockWith('text', '4 images of 2 versions to build')).toBe(`${plan}\n`);
  });

  test('of status', () => {
    const shown = blockWith('text', 'Held: 1 image');
    const ids = [...shown.matchAll(/ami-[0-9a-f]+/g)].map(([id]) => id);
    const cells = ['16.11.0-1', '16.10.0-1', '16.9.0-1']
      .flatMap((evr) => [al2023, rocky9].map((cell): CellStatus => ({ ...cell, evr })))
      .map((cell): CellStatus => {
        if (cell.os === 'al2023' || cell.evr !== '16.10.0-1')
          return { ...cell, state: 'built', imageId: ids.shift() ?? '' };
        const reason =
          'failed in BUILD: Error while executing command: packer build .. Reason: exit status 1';
        const [link = ''] = /https:\S+/.exec(shown) ?? [];
        return { ...cell, state: 'held', reason, link, attempts: 2 };
      });
    const checkedAt = '2026-11-21T10:45:50.521Z';
    expect(shown).toBe(`${renderLineStatus({ ...status, cells, checkedAt }, how)}\n`);
  });

  test('of a check that finds nothing', () => {
    const nothing = { check: 2, unchanged: true, started: [], awaitingApproval: 0, held: 0 };
    const [text = ''] = startedLines({ ...status, ...nothing }, how);
    expect(images).toContain(`\`${text}\``);
  });
});
