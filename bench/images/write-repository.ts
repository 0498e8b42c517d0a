import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createGzip } from 'node:zlib';
import { primaryXml } from './metadata-xml.js';

export const packings = ['gz', 'zst'] as const;
export type Packing = (typeof packings)[number];

/**
 * Writes a repository for each packing, `<directory>/<packing>/repodata`, of the same metadata; answers with the
 * bytes of it unpacked. Needs `zstd`.
 */
export async function writeRepositories(directory: string): Promise<number> {
  const open = join(directory, 'primary.xml');
  await pipeline(Readable.from(primaryXml()), createWriteStream(open));
  for (const packing of packings) {
    const repodata = join(directory, packing, 'repodata');
    await mkdir(repodata, { recursive: true });
    const packed = join(repodata, `primary.xml.${packing}`);
    await pack(open, packed, packing);
    await writeFile(join(repodata, 'repomd.xml'), await repomdXml(open, packed, packing));
  }
  return (await stat(open)).size;
}

async function pack(open: string, packed: string, packing: Packing): Promise<void> {
  if (packing === 'gz') {
    await pipeline(createReadStream(open), createGzip(), createWriteStream(packed));
    return;
  }
  try {
    await promisify(execFile)('zstd', ['-q', '-o', packed, open]);
  } catch (error) {
    throw new Error('this benchmark needs zstd: apt-get install -y zstd', { cause: error });
  }
}

async function repomdXml(open: string, packed: string, packing: Packing): Promise<string> {
  return `<?xml version="1.0" encoding="UTF-8"?>
<repomd xmlns="http://linux.duke.edu/metadata/repo">
  <revision>0</revision>
  <data type="primary">
    <checksum type="sha256">${await sha256Of(packed)}</checksum>
    <open-checksum type="sha256">${await sha256Of(open)}</open-checksum>
    <location href="repodata/primary.xml.${packing}"/>
    <size>${(await stat(packed)).size}</size>
    <open-size>${(await stat(open)).size}</open-size>
  </data>
</repomd>
`;
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
