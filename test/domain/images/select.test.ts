import { describe, expect, test } from 'vitest';
import type { PackageVersion } from '../../../src/domain/images/package.js';
import { selectVersions } from '../../../src/domain/images/select.js';
import type { LineSpec } from '../../../src/domain/images/spec.js';
import { parseEvr } from '../../../src/domain/images/versions/evr.js';

type Selecting = Parameters<typeof selectVersions>[1];

const line: Selecting = {
  product: 'gitlab-runner',
  source: { kind: 'rpm', url: 'https://mirror.example' },
  versions: ['*'],
  newest: {},
  architectures: ['x86_64'],
  companions: [],
};

function packages(...evrs: string[]): PackageVersion[] {
  return evrs.map((evr) => ({ name: 'gitlab-runner', arch: 'x86_64', evr: parseEvr(evr) }));
}

function chosen(all: PackageVersion[], of: Partial<LineSpec> = {}): string[] {
  return selectVersions(all, { ...line, ...of }).map(({ evr }) => evr);
}

describe('the versions that images are wanted of', () => {
  test('are the product’s alone, newest first as RPM orders them', () => {
    const others = [{ name: 'gitlab-runner-fips', arch: 'x86_64', evr: parseEvr('17.0.0-1') }];
    expect(chosen([...packages('16.9.0-1', '16.10.0-1', '16.10.0~rc1-1'), ...others])).toEqual([
      '16.10.0-1',
      '16.10.0~rc1-1',
      '16.9.0-1',
    ]);
  });

  test('are within any of the ranges', () => {
    const all = packages('15.11.0-1', '16.0.0-1', '16.11.0-1', '17.2.0-1', '18.0.0-1');
    expect(chosen(all, { versions: ['>=16.0 <17', '18.x'] })).toEqual([
      '18.0.0-1',
      '16.11.0-1',
      '16.0.0-1',
    ]);
  });

  test('go back as far as the line says', () => {
    const all = packages('16.11.2-1', '16.11.1-1', '16.10.5-1', '15.9.0-1', '15.8.0-1');
    expect(chosen(all, { newest: { perMinor: 1 } })).toEqual([
      '16.11.2-1',
      '16.10.5-1',
      '15.9.0-1',
      '15.8.0-1',
    ]);
    expect(chosen(all, { newest: { perMajor: 1 } })).toEqual(['16.11.2-1', '15.9.0-1']);
    expect(chosen(all, { newest: { versions: 2 } })).toEqual(['16.11.2-1', '16.11.1-1']);
  });

  test('have every companion at the same version, whatever its release and architecture', () => {
    const helper = (evr: string, arch = 'noarch') => ({
      name: 'helper-images',
      arch,
      evr: parseEvr(evr),
    });
    const all = [
      ...packages('16.1.1-1', '16.1.10-1', '16.2.0-1'),
      helper('16.1.10-3'),
      helper('16.2.0-1', 'aarch64'),
    ];
    expect(chosen(all, { companions: ['helper-images'] })).toEqual(['16.1.10-1']);
  });

  test('are told for each architecture, by the line’s name for it', () => {
    const all: PackageVersion[] = [
      { name: 'gitlab-runner', arch: 'amd64', evr: parseEvr('16.1.0') },
      { name: 'gitlab-runner', arch: 'all', evr: parseEvr('16.0.0') },
    ];
    const source = {
      kind: 'deb',
      url: 'https://mirror.example',
      suite: 'x',
      component: 'main',
    } as const;
    expect(selectVersions(all, { ...line, source, architectures: ['x86_64', 'aarch64'] })).toEqual([
      { arch: 'x86_64', evr: '16.1.0' },
      { arch: 'x86_64', evr: '16.0.0' },
      { arch: 'aarch64', evr: '16.0.0' },
    ]);
  });
});
