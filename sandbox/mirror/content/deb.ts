import { gzipSync } from 'node:zlib';
import { formatEvr } from '../../../src/domain/images/versions/index.js';
import { contentOf, debFile, sha256, type Entry } from '../entry.js';
import type { Files } from './files.js';

export interface DebRepository {
  entries: readonly Entry[];
  compression: 'gz' | 'none';
  suite: string;
  component: string;
  /** When it was put together; sandbox ms. */
  at: number;
}

/** A repository of Debian packages: Release without a signature, and a list for each architecture. */
export function debFiles(repository: DebRepository): Files {
  const { entries, suite, component, compression } = repository;
  const named = [...new Set(entries.map(({ arch }) => arch))].filter((arch) => arch !== 'all');
  const architectures = named.length === 0 ? ['amd64'] : named.sort();
  const lists = new Map<string, Buffer>();
  for (const arch of architectures) {
    const path = `${component}/binary-${arch}/Packages`;
    const list = Buffer.from(packagesText(repository, arch));
    if (compression === 'gz') lists.set(`${path}.gz`, gzipSync(list));
    else lists.set(path, list);
  }
  const release = releaseText(repository, architectures, lists);
  const below = (path: string) => `dists/${suite}/${path}`;
  return new Map([
    [below('Release'), Buffer.from(release)],
    ...[...lists].map(([path, list]): [string, Buffer] => [below(path), list]),
    ...entries.map((entry): [string, Buffer] => [poolPath(component, entry), contentOf(entry)]),
  ]);
}

function releaseText(
  { suite, component, at }: DebRepository,
  architectures: readonly string[],
  lists: ReadonlyMap<string, Buffer>,
): string {
  const sums = [...lists].map(
    ([path, list]) => ` ${sha256(list)} ${String(list.length).padStart(8)} ${path}\n`,
  );
  return `Origin: Sandbox
Suite: ${suite}
Codename: ${suite}
Date: ${new Date(at).toUTCString().replace('GMT', 'UTC')}
Architectures: ${architectures.join(' ')}
Components: ${component}
Description: Packages of the sandbox
No-Support-for-Architecture-all: Packages
SHA256:
${sums.join('')}`;
}

/** Packages for any architecture are in the list of each. */
function packagesText({ entries, component }: DebRepository, arch: string): string {
  return entries
    .filter((entry) => entry.arch === arch || entry.arch === 'all')
    .map((entry) => {
      const content = contentOf(entry);
      return `Package: ${entry.name}
Version: ${formatEvr(entry.evr)}
Architecture: ${entry.arch}
Maintainer: Sandbox <sandbox@example.com>
Filename: ${poolPath(component, entry)}
Size: ${content.length}
SHA256: ${sha256(content)}
Description: A package of the sandbox.
`;
    })
    .join('\n');
}

function poolPath(component: string, entry: Entry): string {
  return `pool/${component}/${entry.name.charAt(0)}/${entry.name}/${debFile(entry)}`;
}
