import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { type LineRendering, clockOf } from '../../../src/cli/views/image-cells.js';
import { renderLineStatus } from '../../../src/cli/views/image-matrix.js';
import {
  leavingLines,
  outcomeLines,
  resultLines,
  settledBetween,
  startedLines,
} from '../../../src/cli/views/image-outcome.js';
import { renderLinePlan } from '../../../src/cli/views/image-plan.js';
import { progressLine } from '../../../src/cli/views/image-progress.js';
import { widthOf } from '../../../src/cli/views/text.js';
import type { CellStatus, CheckResult, LineStatus } from '../../../src/domain/images/result.js';
import { sampleImageId, sampleLine, sampleOses } from '../../report/images/sample.js';

const plain = pc.createColors(false);
const now = Date.parse('2026-03-14T23:10:00Z');
const at = (columns: number, colours = plain): LineRendering => ({ columns, colours, now });
/** Lines that hold a link or a command, which would not work when they were broken. */
const whole = /https?:|nightshift images/;

function line(cells: Partial<CellStatus>[], rest: Partial<LineStatus> = {}): LineStatus {
  return {
    line: 'runner',
    channel: 'dev',
    product: 'gitlab-runner',
    awaitingApproval: 0,
    cells: cells.map((cell) => ({
      os: 'al2023',
      arch: 'x86_64',
      evr: '16.11.0-1',
      state: 'built',
      ...cell,
    })),
    ...rest,
  };
}

describe('status', () => {
  it.each([
    [60, 2],
    [80, 3],
    [120, 4],
    [200, 8],
  ])('never is wider than %i columns, %i of 8 side by side', (columns, beside) => {
    const status = sampleLine({ versions: 200, architectures: ['x86_64', 'aarch64'] });
    const text = renderLineStatus(status, at(columns, pc.createColors(true)));
    const lines = text.split('\n').filter((each) => !whole.test(each));
    expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(columns);
    const head = renderLineStatus(status, at(columns))
      .split('\n')
      .find((each) => each.startsWith('VERSION'));
    expect(head?.split(/ +/)).toHaveLength(1 + beside);
  });

  it('splits OSes over blocks, each with every version, where they do not fit side by side', () => {
    const blocks = renderLineStatus(sampleLine(), at(80)).split('\n\n').slice(1, 3);
    const heads = blocks.map((block) => block.split('\n')[0]?.split(/ +/));
    expect(heads).toEqual([
      ['VERSION', ...sampleOses.slice(0, 3)],
      ['VERSION', ...sampleOses.slice(3)],
    ]);
    for (const block of blocks)
      expect(block.match(/^16\.\d\.0-1/gm)).toEqual([5, 4, 3, 2, 1, 0].map((n) => `16.${n}.0-1`));
  });

  it('shows the whole id of every image that is built', () => {
    const status = sampleLine({ versions: 40 });
    const text = renderLineStatus(status, at(80));
    for (const { imageId } of status.cells)
      if (imageId !== undefined) expect(text).toContain(imageId);
    expect(text).toContain(sampleImageId(0, 2));
  });

  it('says of each image whether it is there, worked on, held, or what it waits for', () => {
    const states: Partial<CellStatus>[] = [
      { os: 'a', state: 'built', imageId: 'ami-1' },
      { os: 'b', state: 'built' },
      { os: 'c', state: 'building' },
      { os: 'd', state: 'missing' },
      { os: 'e', state: 'missing', reason: 'waits for approval' },
      { os: 'f', state: 'missing', attempts: 1, nextTry: '2026-03-14T23:40:00Z' },
      { os: 'g', state: 'held', reason: 'it broke', attempts: 3 },
    ];
    const [, block = ''] = renderLineStatus(line(states), at(200)).split('\n\n');
    const row = block.split('\n')[1]?.split(/ {2,}/);
    expect(row).toEqual(
      '16.11.0-1,ami-1,built,building,missing,approval,retry 23:40,held'.split(','),
    );
  });

  it('marks what a line has no image of, and names architectures where there are several', () => {
    const cells = [
      { arch: 'x86_64', imageId: 'ami-1' },
      { arch: 'aarch64', imageId: 'ami-2' },
      { arch: 'x86_64', imageId: 'ami-3', evr: '16.10.0-1' },
    ];
    const [, block] = renderLineStatus(line(cells), at(80)).split('\n\n');
    const rows = block?.split('\n').map((text) => text.split(/ {2,}/));
    expect(rows).toEqual([
      ['VERSION', 'al2023/x86_64', 'al2023/aarch64'],
      ['16.11.0-1', 'ami-1', 'ami-2'],
      ['16.10.0-1', 'ami-3', '-'],
    ]);
  });

  it('keeps the order of the config, where the newest version is not on every OS', () => {
    const cells = [
      { os: 'rocky9', evr: '16.11.0-1' },
      { os: 'al2023', evr: '16.10.0-1' },
      { os: 'rocky9', evr: '16.10.0-1' },
    ];
    expect(renderLineStatus(line(cells), at(80))).toMatch(/^VERSION +al2023 +rocky9$/m);
  });

  it('tells below why images are held or failing, with links and what to do', () => {
    const text = renderLineStatus(sampleLine(), at(80));
    expect(text).toContain(
      'Held: 1 image\n  16.4.0-1 on el9 (x86_64), given up after 3 attempts\n',
    );
    expect(text).toContain('    https://console.example/builds/1c9?a=1&b=2\n');
    expect(text).toContain(
      '→ nightshift images release gitlab-runner --channel release --version 16.4.0-1 --os el9 --arch x86_64',
    );
    expect(text).toContain('To be tried again: 2 images\n');
    expect(text).toContain('16.4.0-1 on al2023 (x86_64), 1 attempt failed, next 23:40 UTC\n');
    expect(text).toContain('Waiting for approval: 2 images\n');
  });

  it('shows what is wrong with the last check and with the tracker', () => {
    const text = renderLineStatus(
      line([], { trouble: 'the mirror is gone', trackerTrouble: 'access denied' }),
      at(80),
    );
    expect(text).toBe(
      'runner/dev: gitlab-runner, mirror not read yet\nno images yet\ncheck    the mirror is gone\ntracker  access denied',
    );
  });

  it('does not let a version, an OS or a reason command the terminal or a shell', () => {
    const evil = '1.0\u001b[2J;$(touch hacked)';
    const reason = 'broken\u001b]0;title\u0007\n::error::x';
    const held = {
      evr: evil,
      os: evil,
      state: 'held',
      reason,
      link: `https://x\u001b[1m`,
    } as const;
    const text = renderLineStatus(line([held]), at(80));
    expect(text.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
    const command = text.split('\n').find((each) => each.includes('images release'));
    expect(command).toContain(`--version '1.0`);
    expect(renderLinePlan(line([held]), at(80)).replaceAll('\n', '')).not.toContain('\u001b');
  });
});

describe('plan', () => {
  it('groups by version, newest first, and says what is under way, failing, waiting and held', () => {
    const sample = sampleLine();
    const text = renderLinePlan(sample, at(80));
    const titles = text.split('\n\n').map((block) => block.split('\n')[0]);
    expect(titles).toEqual([
      'gitlab-runner/release: 1 image of 1 version to build',
      'Building: 2 images of 2 versions',
      'To be tried again: 2 images of 2 versions',
      'Waiting for approval: 2 images of 2 versions',
      'Held, not built until released: 1 image of 1 version',
    ]);
    const lines = text.split('\n').filter((each) => !whole.test(each));
    expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(80);
  });

  it('says plainly that there is nothing new', () => {
    expect(renderLinePlan(line([]), at(80))).toBe('runner/dev: nothing new to build');
  });
});

describe('what has become of a check', () => {
  const cell = { os: 'al2023', arch: 'x86_64', evr: '16.11.0-1' };
  const result: CheckResult = {
    line: 'runner',
    channel: 'dev',
    check: 3,
    unchanged: true,
    started: [],
    awaitingApproval: 0,
    held: 0,
    built: [],
    failed: [],
  };

  it('is told of each image once, when it is there or given up', () => {
    const before = line([
      { os: 'a', state: 'building' },
      { os: 'b', state: 'missing' },
      { os: 'c', state: 'built', imageId: 'ami-old' },
      { os: 'd', state: 'held', reason: 'since yesterday' },
      { os: 'e', state: 'building' },
    ]);
    const after = line([
      { os: 'a', state: 'built', imageId: 'ami-1' },
      { os: 'b', state: 'held', reason: 'it broke' },
      { os: 'c', state: 'built', imageId: 'ami-old' },
      { os: 'd', state: 'held', reason: 'since yesterday' },
      { os: 'e', state: 'building' },
    ]);
    expect(settledBetween(before, after)).toMatchObject([
      { kind: 'built', cell: { os: 'a', imageId: 'ami-1' } },
      { kind: 'failed', cell: { os: 'b', reason: 'it broke' } },
    ]);
    expect(settledBetween(after, after)).toEqual([]);
  });

  it('has an image in a line, and a failure with its reason wrapped and its link whole', () => {
    const how = at(60);
    expect(outcomeLines({ kind: 'built', cell: { ...cell, imageId: 'ami-1' } }, how)).toEqual([
      'built   16.11.0-1 on al2023 (x86_64): ami-1',
    ]);
    const link = `https://console.example/${'x'.repeat(80)}`;
    const reason = 'packer build ended with exit status 1 after it had run for an hour';
    expect(outcomeLines({ kind: 'failed', cell: { ...cell, reason, link } }, how)).toEqual([
      'failed  16.11.0-1 on al2023 (x86_64): packer build ended',
      '        with exit status 1 after it had run for an hour',
      `        ${link}`,
    ]);
  });

  it('that had nothing to do says so, and what is left', () => {
    expect(resultLines(result)).toEqual(['runner/dev: nothing new: the mirror is as it was']);
    expect(startedLines(result, at(80))).toEqual([]);
    const left = { ...result, unchanged: false, held: 2, awaitingApproval: 1 };
    expect(leavingLines(left, at(80))).toEqual([
      'runner/dev: nothing new',
      '2 images held since earlier:',
      '  → nightshift images status runner --channel dev',
      '1 image waiting for approval:',
      '  → nightshift images check runner --channel dev --approve',
    ]);
  });

  it('tells at once, who does not wait, what was set to be built', () => {
    expect(leavingLines({ ...result, started: [cell] }, at(80))).toEqual([
      'runner/dev: 1 image of 1 version set to be built',
      '  16.11.0-1  al2023/x86_64',
    ]);
  });

  it('counts what was built and what was given up', () => {
    const done = { ...result, built: [cell], failed: [{ ...cell, os: 'b', reason: 'x' }] };
    expect(resultLines(done)).toEqual(['runner/dev: 1 built, 1 failed']);
  });

  it('goes on, on a terminal, in one line', () => {
    expect(progressLine(sampleLine(), plain, 80_000)).toBe(
      '2 building, 1 waiting, 2 to be tried again  1m 20s',
    );
  });
});

it('a time of another day has its day', () => {
  expect(clockOf('2026-03-14T23:40:00.000Z', now)).toBe('23:40');
  expect(clockOf('2026-03-15T00:10:00.000Z', now)).toBe('03-15 00:10');
});
