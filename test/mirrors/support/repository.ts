import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

/** A small repository of RPMs by hand, as documents by their paths. */
export interface HandMade {
  [path: string]: string | Buffer;
}

export interface HandMadePackage {
  version: string;
  name?: string;
  arch?: string;
}

export function primaryXml(packages: readonly HandMadePackage[]): string {
  const each = packages.map(
    ({ name = 'gitlab-runner', version, arch = 'x86_64' }) =>
      `<package type="rpm"><name>${name}</name><arch>${arch}</arch><version epoch="0" ver="${version}" rel="1"/><location href="${name}-${version}-1.${arch}.rpm"/></package>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<metadata xmlns="http://linux.duke.edu/metadata/common" packages="${packages.length}">${each.join('\n')}</metadata>\n`;
}

export const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');

export interface RepomdParts {
  bytes: Buffer;
  open: string | Buffer;
  location: string;
}

export function repomdXml({ bytes, open, location }: RepomdParts): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<repomd xmlns="http://linux.duke.edu/metadata/repo" xmlns:rpm="http://linux.duke.edu/metadata/rpm">
  <revision>0</revision>
  <data type="filelists"><location href="repodata/filelists.xml.gz"/></data>
  <data type="primary">
    <checksum type="sha256">${sha256(bytes)}</checksum>
    <open-checksum type="sha256">${sha256(open)}</open-checksum>
    <location href="${location}"/>
    <timestamp>0</timestamp>
    <size>${bytes.length}</size>
    <open-size>${Buffer.byteLength(open)}</open-size>
  </data>
</repomd>
`;
}

/** repomd.xml and a primary.xml whose name has its checksum, as createrepo_c writes them. */
export function handMade(packages: readonly HandMadePackage[]): HandMade {
  return handMadeOf(primaryXml(packages));
}

export function handMadeOf(open: string | Buffer, bytes: Buffer = gzipSync(open)): HandMade {
  const location = `repodata/${sha256(bytes)}-primary.xml.gz`;
  return {
    '/repodata/repomd.xml': repomdXml({ bytes, open, location }),
    [`/${location}`]: bytes,
  };
}
