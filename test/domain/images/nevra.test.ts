import { describe, expect, test } from 'vitest';
import { parseDebName, parseNevra } from '../../../src/domain/images/nevra.js';
import { namesOfArchitecture, runsOn } from '../../../src/domain/images/package.js';

describe('the name of an RPM’s file', () => {
  test.each([
    ['gitlab-runner-16.11.0-1.x86_64.rpm', 'gitlab-runner', '16.11.0', '1', 'x86_64'],
    [
      'gitlab-runner-helper-images-16.11.0-1.noarch.rpm',
      'gitlab-runner-helper-images',
      '16.11.0',
      '1',
      'noarch',
    ],
    [
      'java-1.8.0-openjdk-1.8.0.412.b08-2.el9.aarch64.rpm',
      'java-1.8.0-openjdk',
      '1.8.0.412.b08',
      '2.el9',
      'aarch64',
    ],
    ['gcc-c++-11.4.1-3.el9.x86_64.rpm', 'gcc-c++', '11.4.1', '3.el9', 'x86_64'],
    ['kernel-5.14.0-427.el9.src.rpm', 'kernel', '5.14.0', '427.el9', 'src'],
    ['tool-1.0~rc1-0.1.x86_64.rpm', 'tool', '1.0~rc1', '0.1', 'x86_64'],
    ['tool-1.0^git1-1.x86_64.rpm', 'tool', '1.0^git1', '1', 'x86_64'],
  ])('%s', (file, name, version, release, arch) => {
    expect(parseNevra(file)).toEqual({ name, evr: { epoch: 0, version, release }, arch });
  });

  test('an epoch is read where one is written', () => {
    expect(parseNevra('docker-ce-3:24.0.7-1.el9.x86_64.rpm')?.evr.epoch).toBe(3);
  });

  test('a name without a release is never taken for the package it looks like', () => {
    expect(parseNevra('gitlab-runner-16.11.0.x86_64.rpm')?.name).not.toBe('gitlab-runner');
  });

  test.each([
    '',
    'gitlab-runner_amd64.rpm',
    'gitlab-runner-16.11.0-1.x86_64.rpm.asc',
    'gitlab-runner-16.11.0-1.x86_64.drpm',
    'repomd.xml',
    `${'a-'.repeat(50_000)}1-1.x86_64.rpm`,
  ])('%.40s is none', (file) => {
    expect(parseNevra(file)).toBeUndefined();
  });
});

describe('the name of a Debian package’s file', () => {
  test.each([
    ['gitlab-runner_16.11.0-1_amd64.deb', 'gitlab-runner', 0, '16.11.0', '1', 'amd64'],
    [
      'docker-ce_24.0.7-1~debian.12~bookworm_arm64.deb',
      'docker-ce',
      0,
      '24.0.7',
      '1~debian.12~bookworm',
      'arm64',
    ],
    ['docker-ce_5%3a24.0.7-1_amd64.deb', 'docker-ce', 5, '24.0.7', '1', 'amd64'],
    ['g++_4:12.2.0-3_all.deb', 'g++', 4, '12.2.0', '3', 'all'],
    ['tool_1.0_all.deb', 'tool', 0, '1.0', '', 'all'],
  ])('%s', (file, name, epoch, version, release, arch) => {
    expect(parseDebName(file)).toEqual({ name, evr: { epoch, version, release }, arch });
  });

  test.each(['gitlab-runner_amd64.deb', 'tool_1.0_all.udeb', 'tool_1.0.deb', ''])(
    '%s is none',
    (file) => {
      expect(parseDebName(file)).toBeUndefined();
    },
  );
});

describe('an architecture', () => {
  test('has a name with each kind of package', () => {
    expect(namesOfArchitecture('x86_64')).toEqual(['x86_64', 'amd64']);
    expect(namesOfArchitecture('arm64')).toEqual(['arm64', 'aarch64']);
    expect(namesOfArchitecture('s390x')).toEqual(['s390x']);
  });

  test.each([
    ['noarch', 'x86_64', true],
    ['all', 'arm64', true],
    ['aarch64', 'arm64', true],
    ['amd64', 'x86_64', true],
    ['x86_64', 'aarch64', false],
    ['src', 'x86_64', false],
  ])('a package of %s on a machine of %s: %s', (arch, architecture, runs) => {
    expect(runsOn(arch, architecture)).toBe(runs);
  });
});
