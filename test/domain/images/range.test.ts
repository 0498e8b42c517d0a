import { describe, expect, test } from 'vitest';
import type { VersionKind } from '../../../src/domain/images/package.js';
import { versionRangeSchema } from '../../../src/domain/images/versions/range-schema.js';
import {
  faultOfRange,
  formatEvr,
  newestPerMajor,
  newestPerMinor,
  parseEvr,
  parseRange,
} from '../../../src/domain/images/versions/index.js';

function within(range: string, versions: string[], kind: VersionKind = 'rpm'): string[] {
  return versions.filter((version) => parseRange(range, kind)(parseEvr(version)));
}

describe('a range of versions', () => {
  test.each([
    [
      '>=16.0 <18',
      ['15.11.1-1', '16.0-1', '16.0.0-1', '17.9-3', '18-1', '18.0.1-1'],
      ['16.0-1', '16.0.0-1', '17.9-3'],
    ],
    ['>= 16.0, < 18', ['15.11.1-1', '16.0-1', '18-1'], ['16.0-1']],
    ['16.x', ['16.0-1', '16.11.2-1', '160.1-1', '1.16-1', '17.0-1'], ['16.0-1', '16.11.2-1']],
    ['16.1.*', ['16.1.1-1', '16.10.1-1', '16.1-1'], ['16.1.1-1', '16.1-1']],
    ['16 || 17', ['15.0-1', '16.1-1', '17.1-1', '18.0-1'], ['16.1-1', '17.1-1']],
    ['=16.1.1', ['16.1.1-1', '16.1.1-2', '16.1.10-1'], ['16.1.1-1', '16.1.1-2']],
    ['16.1.1-1', ['16.1.1-1', '16.1.1-2', '16.1.1-10'], ['16.1.1-1']],
    ['>=16 !=16.9.0', ['16.9.0-1', '16.10.0-1'], ['16.10.0-1']],
    ['>16.9.0-1', ['16.9.0-1', '16.9.0-2', '16.10.0-1'], ['16.9.0-2', '16.10.0-1']],
    ['*', ['1-1', '2:1-1'], ['1-1', '2:1-1']],
    ['<=16.9', ['16.9-7', '16.10-1', '16.9~rc1-1'], ['16.9-7', '16.9~rc1-1']],
  ])('%s takes %j: %j', (range, versions, taken) => {
    expect(within(range, versions)).toEqual(taken);
  });

  test('a bound without an epoch is about the version, one with an epoch about both', () => {
    const docker = ['3:24.0.7-1', '3:25.0.0-1', '2:25.0.0-1'];
    expect(within('>=24 <25', docker)).toEqual(['3:24.0.7-1']);
    expect(within('>=3:24.0', docker)).toEqual(['3:24.0.7-1', '3:25.0.0-1']);
  });

  test('the order is that of the kind of package', () => {
    // To RPM a letter after a separator is older than a number; to dpkg the dot comes after letters.
    expect(within('>1.0a', ['1.0.1'], 'rpm')).toEqual(['1.0.1']);
    expect(within('>1.0^1', ['1.0+1'], 'rpm')).toEqual(['1.0+1']);
    expect(within('>1.0^1', ['1.0+1'], 'deb')).toEqual([]);
  });

  test.each(['', '16 ||', '>=', '=>16', '>=16.x', '^16', '~16', '16 - 18', '>=16 <', '1:2:3'])(
    '%j is refused with what is allowed',
    (text) => {
      expect(faultOfRange(text)).toMatch(/must be a range of versions: bounds/);
      expect(
        versionRangeSchema.safeParse(text).error?.issues.map(({ message }) => message),
      ).toEqual([faultOfRange(text)]);
    },
  );

  test('the word at fault is named', () => {
    expect(faultOfRange('>=16 ^17')).toContain('"^17" is neither');
    expect(faultOfRange('16 ||')).toContain('a part of it is empty');
  });

  test('a schema takes what is right as it stands', () => {
    expect(versionRangeSchema.parse('>=16.0 <18')).toBe('>=16.0 <18');
    expect(versionRangeSchema.safeParse(16).error?.issues[0]?.message).toMatch(/must be a range/);
  });
});

describe('the newest versions', () => {
  const packages = [
    '16.9.0-1',
    '16.10.0-1',
    '16.10.1-1',
    '16.10.1-2',
    '17.0~rc1-1',
    '17.0-1',
    '15.2-1',
  ].map((version) => ({ evr: parseEvr(version), arch: 'x86_64' }));
  const written = (chosen: { evr: ReturnType<typeof parseEvr> }[]) =>
    chosen.map(({ evr }) => formatEvr(evr));

  test('of each minor version', () => {
    expect(written(newestPerMinor(1)(packages))).toEqual([
      '17.0-1',
      '16.10.1-2',
      '16.9.0-1',
      '15.2-1',
    ]);
    expect(written(newestPerMinor(2)(packages))).toEqual([
      '17.0-1',
      '17.0~rc1-1',
      '16.10.1-2',
      '16.10.1-1',
      '16.9.0-1',
      '15.2-1',
    ]);
  });

  test('of each major version', () => {
    expect(written(newestPerMajor(1)(packages))).toEqual(['17.0-1', '16.10.1-2', '15.2-1']);
  });

  test('one version in two architectures counts once', () => {
    const both = packages.flatMap((each) => [each, { ...each, arch: 'aarch64' }]);
    expect(newestPerMajor(1)(both).map(({ arch }) => arch)).toEqual([
      'x86_64',
      'aarch64',
      'x86_64',
      'aarch64',
      'x86_64',
      'aarch64',
    ]);
  });

  test('a version of one number is the first of its minor ones, and an epoch is a series of its own', () => {
    const some = ['16-1', '16.0.1-1', '1:16.0-1'].map((version) => ({ evr: parseEvr(version) }));
    expect(written(newestPerMinor(1)(some))).toEqual(['1:16.0-1', '16.0.1-1']);
  });

  test.each([0, -1, 1.5, Number.NaN])('a count of %d is refused', (count) => {
    expect(() => newestPerMinor(count)).toThrow(/whole number from 1/);
  });
});
