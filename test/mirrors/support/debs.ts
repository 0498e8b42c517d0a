import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './tools.js';

export interface DebToBuild {
  name: string;
  version: string;
  arch: 'amd64' | 'arm64' | 'all';
}

export const sampleDebs: readonly DebToBuild[] = [
  { name: 'gitlab-runner', version: '16.9.0-1', arch: 'amd64' },
  { name: 'gitlab-runner', version: '16.10.0-1', arch: 'amd64' },
  { name: 'gitlab-runner', version: '16.10.0-1', arch: 'arm64' },
  { name: 'gitlab-runner', version: '2:16.11.0~rc1-1', arch: 'amd64' },
  { name: 'gitlab-runner-helper-images', version: '16.10.0', arch: 'all' },
  { name: 'other-tool', version: '1.0', arch: 'amd64' },
];

/** Builds real packages with dpkg-deb into `directory`/pool. */
export async function buildDebs(directory: string, debs: readonly DebToBuild[]): Promise<void> {
  await mkdir(join(directory, 'pool'), { recursive: true });
  for (const { name, version, arch } of debs) {
    const tree = join(directory, 'tree');
    await mkdir(join(tree, 'DEBIAN'), { recursive: true });
    await writeFile(
      join(tree, 'DEBIAN', 'control'),
      `Package: ${name}\nVersion: ${version}\nArchitecture: ${arch}\nMaintainer: A Test <test@example.com>\nDescription: a package of a test\n Version: 9.9.9 is no field here.\n .\n Package: neither\n`,
    );
    const file = `${name}_${version.replace(/^\d+:/, '')}_${arch}.deb`;
    await run('dpkg-deb', ['--build', '--root-owner-group', tree, join(directory, 'pool', file)]);
  }
}

/** A Packages file, of what dpkg-deb itself says of each package. */
export async function packagesFile(directory: string, architectures: readonly string[]) {
  const stanzas: string[] = [];
  for (const file of (await readdir(join(directory, 'pool'))).sort()) {
    if (!architectures.some((arch) => file.endsWith(`_${arch}.deb`))) continue;
    const path = join(directory, 'pool', file);
    const bytes = await readFile(path);
    const control = (await run('dpkg-deb', ['--field', path])).toString().trimEnd();
    const hash = createHash('sha256').update(bytes).digest('hex');
    stanzas.push(`${control}\nFilename: pool/${file}\nSize: ${bytes.length}\nSHA256: ${hash}\n`);
  }
  return stanzas.join('\n');
}

/** A Release of the files that are given by their paths below it. */
export function releaseFile(
  files: Readonly<Record<string, string | Buffer>>,
  fields: Readonly<Record<string, string>> = {},
): string {
  const lines = Object.entries(files).map(([path, data]) => {
    const hash = createHash('sha256').update(data).digest('hex');
    return ` ${hash} ${String(Buffer.byteLength(data)).padStart(8)} ${path}`;
  });
  const others = Object.entries(fields).map(([name, value]) => `${name}: ${value}\n`);
  return `Origin: A Test\nSuite: stable\nCodename: bookworm\nDate: Tue, 02 Jan 2024 03:04:05 UTC\n${others.join('')}Architectures: all amd64 arm64\nComponents: main\nDescription: of a test\nSHA256:\n${lines.join('\n')}\n`;
}
