import { gzipSync } from 'node:zlib';
import { escapeXml } from '../../core/xml.js';
import { contentOf, rpmFile, sha256, type Entry } from '../entry.js';
import type { Files } from './files.js';

export interface RpmRepository {
  entries: readonly Entry[];
  compression: 'gz' | 'none';
  /** When it was put together; sandbox ms. */
  at: number;
}

/** A repository of RPMs as createrepo_c writes it, but for what nobody reads who looks for versions. */
export function rpmFiles({ entries, compression, at }: RpmRepository): Files {
  const open = Buffer.from(primaryXml(entries, at));
  const packed = compression === 'gz' ? gzipSync(open) : open;
  const location = `repodata/${sha256(packed)}-primary.xml${compression === 'gz' ? '.gz' : ''}`;
  const repomd = repomdXml({ open, packed, location, at });
  return new Map([
    ['repodata/repomd.xml', Buffer.from(repomd)],
    [location, packed],
    ...entries.map((entry): [string, Buffer] => [`Packages/${rpmFile(entry)}`, contentOf(entry)]),
  ]);
}

interface Primary {
  open: Buffer;
  packed: Buffer;
  location: string;
  at: number;
}

function repomdXml({ open, packed, location, at }: Primary): string {
  const seconds = Math.floor(at / 1000);
  return `<?xml version="1.0" encoding="UTF-8"?>
<repomd xmlns="http://linux.duke.edu/metadata/repo" xmlns:rpm="http://linux.duke.edu/metadata/rpm">
  <revision>${seconds}</revision>
  <data type="primary">
    <checksum type="sha256">${sha256(packed)}</checksum>
    <open-checksum type="sha256">${sha256(open)}</open-checksum>
    <location href="${location}"/>
    <timestamp>${seconds}</timestamp>
    <size>${packed.length}</size>
    <open-size>${open.length}</open-size>
  </data>
</repomd>
`;
}

function primaryXml(entries: readonly Entry[], at: number): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<metadata xmlns="http://linux.duke.edu/metadata/common" xmlns:rpm="http://linux.duke.edu/metadata/rpm" packages="${entries.length}">
${entries.map((entry) => packageXml(entry, Math.floor(at / 1000))).join('')}</metadata>
`;
}

function packageXml(entry: Entry, seconds: number): string {
  const { evr, arch } = entry;
  const name = escapeXml(entry.name);
  const content = contentOf(entry);
  const version = `epoch="${evr.epoch}" ver="${escapeXml(evr.version)}" rel="${escapeXml(evr.release)}"`;
  return `<package type="rpm">
  <name>${name}</name>
  <arch>${escapeXml(arch)}</arch>
  <version ${version}/>
  <checksum type="sha256" pkgid="YES">${sha256(content)}</checksum>
  <summary>${name}</summary>
  <description>A package of the sandbox.</description>
  <time file="${seconds}" build="${seconds}"/>
  <size package="${content.length}" installed="${content.length}" archive="${content.length}"/>
  <location href="Packages/${escapeXml(rpmFile(entry))}"/>
  <format>
    <rpm:license>Apache-2.0</rpm:license>
    <rpm:provides>
      <rpm:entry name="${name}" flags="EQ" ${version}/>
    </rpm:provides>
  </format>
</package>
`;
}
