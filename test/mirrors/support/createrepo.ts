import { createHash } from 'node:crypto';
import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { RpmRecord } from './rpms.js';
import { run } from './tools.js';

/** Writes repodata with the real createrepo_c. */
export async function createRepository(
  directory: string,
  options: readonly string[] = [],
): Promise<void> {
  await rm(join(directory, 'repodata'), { recursive: true, force: true });
  await run('createrepo_c', ['--quiet', '--database', ...options, directory]);
}

/** The path of primary.xml as createrepo_c has written it. */
export async function primaryOf(directory: string): Promise<string> {
  const found = (await readdir(join(directory, 'repodata'))).find((file) =>
    /primary\.xml(\.|$)/.test(file),
  );
  return join(directory, 'repodata', found!);
}

const rowsSchema = z.array(
  z.object({
    name: z.string(),
    arch: z.string(),
    epoch: z.coerce.number(),
    version: z.string(),
    release: z.string(),
    location: z.string(),
  }),
);

const reader = `
import bz2, gzip, json, lzma, sqlite3, sys, tempfile
path = sys.argv[1]
opener = {'bz2': bz2.open, 'gz': gzip.open, 'xz': lzma.open}[path.rsplit('.', 1)[1]]
with opener(path) as packed, tempfile.NamedTemporaryFile() as database:
    database.write(packed.read())
    database.flush()
    rows = sqlite3.connect(database.name)
    rows.row_factory = sqlite3.Row
    print(json.dumps([dict(row) for row in rows.execute(
        'select name, arch, epoch, version, release, location_href as location from packages')]))
`;

/** What createrepo_c's own database says is there: an independent reader of the same metadata. */
export async function queryDatabase(
  directory: string,
): Promise<(RpmRecord & { location: string })[]> {
  const file = (await readdir(join(directory, 'repodata'))).find((each) =>
    each.includes('primary.sqlite.'),
  );
  const path = join(directory, 'repodata', file!);
  const rows: unknown = JSON.parse((await run('python3', ['-c', reader, path])).toString());
  return rowsSchema.parse(rows);
}

export interface PrimaryEntry {
  /** The name of its file. */
  file: string;
  bytes: Buffer;
  /** What it unpacks to. */
  open: Buffer;
}

/** Puts another primary.xml in the place of createrepo_c's, with the checksums and sizes that fit. */
export async function replacePrimary(
  directory: string,
  { file, bytes, open }: PrimaryEntry,
  algorithm = 'sha256',
): Promise<void> {
  const path = join(directory, 'repodata', 'repomd.xml');
  await writeFile(join(directory, 'repodata', file), bytes);
  const hex = (data: Buffer) => createHash(algorithm).update(data).digest('hex');
  const entry = [
    '<data type="primary">',
    `<checksum type="${algorithm}">${hex(bytes)}</checksum>`,
    `<open-checksum type="${algorithm}">${hex(open)}</open-checksum>`,
    `<location href="repodata/${file}"/>`,
    `<size>${bytes.length}</size>`,
    `<open-size>${open.length}</open-size>`,
    '</data>',
  ].join('\n');
  const repomd = await readFile(path, 'utf8');
  await writeFile(path, repomd.replace(/<data type="primary">.*?<\/data>/s, entry));
}
