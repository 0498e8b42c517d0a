import { expect, test } from 'vitest';
import { audit } from '../../src/cli/demo/images/audit.js';
import { type CellRecord, cellRecords } from '../../src/cli/demo/images/cell-record.js';
import type { CloudRecord } from '../../src/cli/demo/images/cloud-record.js';

const time = '2026-03-14T23:00:00.000Z';
const name = { line: 'runner', channel: 'dev' };

type Build = CellRecord['builds'][number];
type Image = CellRecord['images'][number];

function build(id: string, status: string): Build {
  return {
    ...{ id, arn: `arn:aws:codebuild:us-east-1:111111111111:build/${id}` },
    ...{ account: '111111111111', region: 'us-east-1', project: 'image-build' },
    ...{ status, env: {}, started: time },
  };
}

function image(id: string, changes: Partial<Image> = {}): Image {
  return {
    ...{ id, account: '111111111111', region: 'us-east-1', name: id, state: 'available' },
    ...{ architecture: 'x86_64', description: '', tags: { 'nightshift:state': 'ready' } },
    ...{ snapshots: [], sharedWith: [], snapshotsSharedWith: [], createdAt: time },
    ...changes,
  };
}

/** A cell as it was to be. */
function goodCell(cell: CellRecord, index: number): CellRecord {
  const { os, arch, evr, due } = cell;
  const [imageId, copyId] = [`ami-${index}`, `ami-${index}-copy`];
  const source = { region: 'us-east-1', imageId };
  const id = `${os}/${arch}/${evr}`;
  const failed = (number: number) => build(`failed-${index}-${number}`, 'FAILED');
  switch (due) {
    case 'there':
      return {
        ...{ ...cell, told: { os, arch, evr, state: 'built', imageId } },
        ...{ tracked: { id, image: { imageId } }, images: [image(imageId, { tags: {} })] },
      };
    case 'built':
    case 'fails once': {
      const isFirst = due === 'fails once' && evr === '16.11.0-1';
      const builds = [...(isFirst ? [failed(1)] : []), build(`made-${index}`, 'SUCCEEDED')];
      return {
        ...{ ...cell, told: { os, arch, evr, state: 'built', imageId } },
        ...{ builds, starts: builds.length },
        ...{ images: [image(imageId)], copies: [image(copyId, { source })] },
        tracked: { id, image: { imageId, copies: { 'us-east-1': copyId } } },
      };
    }
    case 'always fails':
      return {
        ...{ ...cell, told: { os, arch, evr, state: 'held', reason: 'gone' } },
        ...{ builds: [failed(1), failed(2)], starts: 2 },
      };
  }
}

const status = { ...name, product: 'gitlab-runner', cells: [], awaitingApproval: 0 };
const due = cellRecords({ status, tracker: [], images: [], builds: [], starts: [] });

/** All as it was to be, but for a cell. */
function recordOf(
  change: { os: string; evr: string } & Partial<CellRecord> = { os: '', evr: '' },
  changes: Partial<CloudRecord> = {},
): CloudRecord {
  const cells = due.map(goodCell).map((cell) => {
    const isIt = cell.os === change.os && cell.evr === change.evr;
    return isIt ? { ...cell, ...change } : cell;
  });
  return {
    status: { ...status, cells: cells.flatMap(({ told }) => told ?? []) },
    last: { ...name, check: 9, unchanged: true, started: [], awaitingApproval: 0, held: 4 },
    ...{ cells, strays: [], orphans: [], tracked: cells.filter(({ tracked }) => tracked).length },
    ...changes,
  };
}

const made = { os: 'al2023', evr: '17.0.0-1' };
const problemsOf = (...record: Parameters<typeof recordOf>) => audit(recordOf(...record)).problems;
const goodMade = recordOf().cells.find(({ os, evr }) => os === made.os && evr === made.evr)!;

test('images that were built once, known, or held as they were to be are as they should be', () => {
  const { built, there, held, mended, problems } = audit(recordOf());
  expect(problems).toEqual([]);
  expect([built, there, held].map(({ length }) => length)).toEqual([8, 3, 4]);
  expect(mended).toBe(1);
});

test('an image that was built twice is a problem', () => {
  const twice = [build('one', 'SUCCEEDED'), build('two', 'SUCCEEDED')];
  const images = [image('ami-1'), image('ami-2')];
  expect(problemsOf({ ...made, builds: twice, starts: 2, images })).toContain(
    '17.0.0-1 on al2023: was to be built once and copied once, and is built: 2 of 2 builds succeeded, 2 images and 1 copies',
  );
});

test('a second copy, a copy of another image, and one that is not ready are problems', () => {
  const [copy] = goodMade.copies;
  expect(problemsOf({ ...made, copies: [copy!, copy!] })).toHaveLength(1);
  const source = { region: 'us-east-1', imageId: 'ami-other' };
  expect(problemsOf({ ...made, copies: [{ ...copy!, source }] })).toEqual([
    '17.0.0-1 on al2023: its copy was made of ami-other',
  ]);
  expect(problemsOf({ ...made, copies: [{ ...copy!, tags: {} }] })).toEqual([
    `17.0.0-1 on al2023: ${copy?.id} is not tagged as ready`,
  ]);
});

test('an image that was there before and is built again is a problem', () => {
  const there = { os: 'al2023', evr: '16.9.1-1' };
  const builds = [build('again', 'SUCCEEDED')];
  expect(problemsOf({ ...there, builds, starts: 1 })).toEqual([
    expect.stringContaining('16.9.1-1 on al2023: was there before, and is built') as string,
  ]);
});

test('an image that was to be held and is tried on and on is a problem', () => {
  const builds = [1, 2, 3].map((number) => build(`failed-${number}`, 'FAILED'));
  expect(problemsOf({ os: 'debian11', evr: '17.0.0-1', builds, starts: 3 })).toEqual([
    '17.0.0-1 on debian11: was to be held after 2 attempts, and is held: 0 of 3 builds succeeded, 0 images and 0 copies',
  ]);
});

test('a failure that was to be made good by the next build has to be there', () => {
  const builds = [build('made', 'SUCCEEDED')];
  expect(problemsOf({ os: 'rocky9', evr: '16.11.0-1', builds, starts: 1 })).toEqual([
    '0 builds failed that were to be tried again, not 1',
  ]);
});

test('a build that no call began, and one that was left running, are problems', () => {
  expect(problemsOf({ ...made, starts: 2 })).toEqual([
    '17.0.0-1 on al2023: 2 StartBuild calls began 1 builds',
  ]);
  const [running] = [build('running', 'IN_PROGRESS')];
  expect(problemsOf({ ...made, builds: [running], starts: 1 })).toContain(
    '17.0.0-1 on al2023: running was left running',
  );
});

test('a tracker that lacks an image, has another, or has one too many is a problem', () => {
  const without = { ...goodMade, tracked: undefined } as never;
  expect(problemsOf(without)).toContain('17.0.0-1 on al2023: the tracker lacks it');
  const tracked = { id: 'x', image: { imageId: 'ami-other' } };
  expect(problemsOf({ ...made, tracked })).toEqual([
    '17.0.0-1 on al2023: the tracker has ami-other, copied as none',
  ]);
  expect(problemsOf(undefined, { tracked: 12 })).toEqual(['the tracker has 1 images too many']);
});

test('what nobody asked for and what is left over are problems', () => {
  expect(problemsOf(undefined, { strays: ['image-build:1'], orphans: ['snap-1'] })).toEqual([
    'image-build:1 belongs to no image of the line',
    'no image uses the snapshot snap-1',
  ]);
});

test('a last check that begins something is a problem', () => {
  const { last } = recordOf();
  const started = [{ os: 'al2023', arch: 'x86_64', evr: '18.0.0-1' }];
  expect(problemsOf(undefined, { last: { ...last, started } })).toEqual([
    'the last check has set 18.0.0-1 on al2023 to be built',
  ]);
});
