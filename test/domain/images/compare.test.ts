import { describe, expect, test } from 'vitest';
import {
  compareDpkg,
  compareEvr,
  compareRpm,
  formatEvr,
  parseEvr,
} from '../../../src/domain/images/versions/index.js';
import { randomFrom } from '../builds/random.js';
import { dpkgDrawn } from './deb-vectors.js';
import { rpmDrawn, rpmSuite } from './rpm-vectors.js';

const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 1_000_000);
const pieces = ['0', '1', '2', '10', '01', 'a', 'B', 'rc', '.', '-', '_', '+', '~', '^', 'ä'];

function versions(count: number): string[] {
  const random = randomFrom(seed);
  const below = (most: number) => Math.floor(random() * most);
  return Array.from({ length: count }, () =>
    Array.from({ length: below(6) }, () => pieces[below(pieces.length)]).join(''),
  );
}

describe('versions of RPMs', () => {
  test('there are 91 vectors in the suite of RPM itself', () => {
    expect(rpmSuite).toHaveLength(91);
  });

  test.each(rpmSuite)('%s against %s is %i, as RPM’s own suite has it', (a, b, order) => {
    expect(compareRpm(a, b)).toBe(order);
  });

  test.each(rpmDrawn)('%s against %s is %i, as rpm answers', (a, b, order) => {
    expect(compareRpm(a, b)).toBe(order);
  });

  test('numbers longer than a number can be are compared digit by digit', () => {
    expect(compareRpm('1.20240101000000000000000002', '1.20240101000000000000000001')).toBe(1);
  });
});

describe('versions of Debian packages', () => {
  test.each(dpkgDrawn)('%s against %s is %i, as dpkg answers', (a, b, order) => {
    expect(compareEvr(parseEvr(a), parseEvr(b), 'deb')).toBe(order);
  });

  test.each([
    ['1.0~rc1', '1.0', -1],
    ['1.0a', '1.0+', -1],
    ['1.0', '1.0a', -1],
    ['16.9.0', '16.10.0', -1],
    ['', '0', 0],
    ['1.0^', '1.0', 1],
  ] as const)('%s against %s is %i', (a, b, order) => {
    expect(compareDpkg(a, b)).toBe(order);
  });
});

describe.each([
  ['rpm', compareRpm],
  ['dpkg', compareDpkg],
] as const)('the order of %s, over random versions', (_, compare) => {
  const drawn = versions(90);

  test('turns around when the two change places', () => {
    for (const a of drawn) {
      for (const b of drawn) {
        expect(compare(a, b) + compare(b, a), `${a} and ${b}, seed ${seed}`).toBe(0);
      }
    }
  });

  test('holds across a third', () => {
    for (const a of drawn) {
      for (const b of drawn) {
        if (compare(a, b) > 0) continue;
        for (const c of drawn) {
          if (compare(b, c) > 0) continue;
          if (compare(a, c) > 0) expect.fail(`${a} ≤ ${b} ≤ ${c}, but ${a} > ${c}; seed ${seed}`);
        }
      }
    }
  });
});

describe('an epoch-version-release', () => {
  test.each([
    ['2:1.0-1', { epoch: 2, version: '1.0', release: '1' }],
    ['1.0-1', { epoch: 0, version: '1.0', release: '1' }],
    ['16.11.0-1.el9', { epoch: 0, version: '16.11.0', release: '1.el9' }],
    ['1.0', { epoch: 0, version: '1.0', release: '' }],
    ['1-10', { epoch: 0, version: '1', release: '10' }],
    [
      '5:24.0.7-1~debian.12~bookworm',
      { epoch: 5, version: '24.0.7', release: '1~debian.12~bookworm' },
    ],
    ['1.0-rc-1', { epoch: 0, version: '1.0-rc', release: '1' }],
  ])('%s is read and written back', (text, evr) => {
    expect(parseEvr(text)).toEqual(evr);
    expect(formatEvr(evr)).toBe(text);
  });

  test('an epoch of 0 is not written', () => {
    expect(formatEvr(parseEvr('0:1.0-1'))).toBe('1.0-1');
  });

  test.each(['', ':1.0', 'x:1.0', '1.0 -1', '-1', '1.0-', '4294967296:1.0', '1/2-1'])(
    '%j is refused with what is allowed',
    (text) => {
      expect(() => parseEvr(text)).toThrow(/must be \[epoch:\]version\[-release\]/);
    },
  );

  test.each([
    ['2:1.0-1', '2.0-1', 1],
    ['0:1.0-1', '1.0-1', 0],
    ['1:4.16-5', '4.4-1', 1],
    ['1.1-1', '1.0-2', 1],
    ['1.0-2', '1.0-10', -1],
  ] as const)('%s against %s is %i', (a, b, order) => {
    expect(compareEvr(parseEvr(a), parseEvr(b))).toBe(order);
  });
});
