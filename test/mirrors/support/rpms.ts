import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './tools.js';

export interface RpmToBuild {
  name: string;
  version: string;
  release: string;
  epoch?: number;
  arch: 'x86_64' | 'aarch64' | 'noarch' | 'src';
}

/** Enough for every case there is: an epoch, a pre-release, a source, two architectures, and 16.9 beside 16.10. */
export const sampleRpms: readonly RpmToBuild[] = [
  { name: 'gitlab-runner', version: '16.9.0', release: '1', arch: 'x86_64' },
  { name: 'gitlab-runner', version: '16.10.0', release: '1', arch: 'x86_64' },
  { name: 'gitlab-runner', version: '16.10.0', release: '1', arch: 'aarch64' },
  { name: 'gitlab-runner', version: '16.11.0~rc1', release: '0.1', arch: 'x86_64' },
  { name: 'gitlab-runner', version: '16.11.0', release: '1', epoch: 2, arch: 'x86_64' },
  { name: 'gitlab-runner', version: '16.11.0', release: '1', epoch: 2, arch: 'src' },
  { name: 'gitlab-runner-helper-images', version: '16.10.0', release: '1', arch: 'noarch' },
  { name: 'other-tool', version: '1.0^git1', release: '3.el9', arch: 'x86_64' },
];

/** Builds real RPMs with rpmbuild into `directory`. */
export async function buildRpms(directory: string, rpms: readonly RpmToBuild[]): Promise<void> {
  await mkdir(directory, { recursive: true });
  const top = join(directory, '..', 'rpmbuild');
  await mkdir(top, { recursive: true });
  for (const rpm of rpms) await buildRpm(directory, top, rpm);
}

async function buildRpm(directory: string, top: string, rpm: RpmToBuild): Promise<void> {
  const spec = join(top, 'package.spec');
  await writeFile(spec, specOf(rpm));
  const isSource = rpm.arch === 'src';
  await run('rpmbuild', [
    isSource ? '-bs' : '-bb',
    '--quiet',
    ...(isSource ? [] : ['--target', rpm.arch]),
    '--define',
    `_topdir ${top}`,
    spec,
  ]);
  const built = isSource ? join(top, 'SRPMS') : join(top, 'RPMS', rpm.arch);
  for (const file of await readdir(built)) await copyFile(join(built, file), join(directory, file));
}

function specOf({ name, version, release, epoch, arch }: RpmToBuild): string {
  return [
    `Name: ${name}`,
    ...(epoch === undefined ? [] : [`Epoch: ${epoch}`]),
    `Version: ${version}`,
    `Release: ${release}`,
    ...(arch === 'noarch' ? ['BuildArch: noarch'] : []),
    'Summary: A package of a test, with <signs> & an “accent”',
    'License: Apache-2.0',
    '%description',
    'What createrepo_c has to write as entities: <&>.',
    '%files',
    '',
  ].join('\n');
}

export interface RpmRecord {
  name: string;
  arch: string;
  epoch: number;
  version: string;
  release: string;
}

/** What rpm itself says of the binary packages in a directory. */
export async function queryRpms(directory: string): Promise<RpmRecord[]> {
  const files = (await readdir(directory)).filter((file) => file.endsWith('.rpm')).sort();
  const format =
    '%{NAME} %{ARCH} %{EPOCHNUM} %{VERSION} %{RELEASE} %|SOURCEPACKAGE?{source}:{binary}|\\n';
  const lines = await run('rpm', ['-qp', '--nosignature', '--qf', format, ...files], {
    cwd: directory,
  });
  return lines
    .toString()
    .trim()
    .split('\n')
    .filter((line) => line.endsWith(' binary'))
    .map((line) => {
      const [name = '', arch = '', epoch = '', version = '', release = ''] = line.split(' ');
      return { name, arch, epoch: Number(epoch), version, release };
    });
}
