import { createHash } from 'node:crypto';
import { checked } from '../checked.js';
import { MirrorError } from '../error.js';
import type { Found, Validators } from '../http/client.js';
import { wholeOf } from '../http/whole.js';
import { directoryOf } from '../location.js';
import { opened } from '../open/open.js';
import { verifyClearsigned, verifyDetached } from '../signature/verify.js';
import type { DebSource, MirrorReading } from '../source.js';
import type { Visit } from '../visit.js';
import { type PackageIndex, indexesOf } from './indexes.js';
import { readPackages } from './packages.js';
import { type Release, parseRelease, withoutArmor } from './release.js';

/** Reads a repository of Debian packages: its Release, and the lists of packages that are others than before. */
export async function readDeb(
  source: DebSource,
  architectures: readonly string[],
  visit: Visit,
): Promise<MirrorReading> {
  const { before, collector } = visit;
  const directory = releaseDirectory(source);
  const answer = await releaseAt(directory, source, visit);
  if (answer === 'unmodified') {
    if (before !== undefined) return { kind: 'unchanged', state: before };
    throw new MirrorError('unavailable', directory, 'answered 304, and nothing was known of it');
  }
  const indexes = indexesOf(source, architectures, answer.release, answer.url);
  const state = visit.state(checksumOf(indexes), answer.validators);
  // A Release is written anew each time, even where the lists are the same.
  if (before?.checksum === state.checksum) return { kind: 'unchanged', state };
  for (const index of indexes) await readIndex(index, directory, answer.release, visit);
  return { kind: 'packages', packages: collector.packages, state };
}

function releaseDirectory({ url, suite }: DebSource): string {
  const root = directoryOf(url);
  const below = suite.endsWith('/') ? suite : `dists/${suite}/`;
  return new URL(below, root).href;
}

interface ReleaseFound {
  url: string;
  release: Release;
  validators: Validators;
}

/** InRelease, or where there is none Release with its signature beside it. */
async function releaseAt(
  directory: string,
  source: DebSource,
  visit: Visit,
): Promise<ReleaseFound | 'unmodified'> {
  const { client, before, fresh } = visit;
  for (const name of ['InRelease', 'Release'] as const) {
    const url = new URL(name, directory).href;
    const answer = await client.get(url, { fresh, ...(before === undefined ? {} : { before }) });
    if (answer.kind === 'unmodified') return 'unmodified';
    if (answer.kind === 'missing') continue;
    const text = await (name === 'InRelease' ? clearsigned : detached)(answer, source, visit);
    const release = parseRelease(text, url);
    if (source.key !== undefined) refuseOutdated(release, url);
    return { url, release, validators: answer.validators };
  }
  throw before === undefined
    ? new MirrorError('refused', directory, 'has neither InRelease nor Release')
    : new MirrorError('inconsistent', directory, 'has no InRelease any more');
}

async function clearsigned(found: Found, { key }: DebSource, { client }: Visit): Promise<string> {
  const whole = await wholeOf(found, client.limits.documentBytes);
  if (key === undefined) return withoutArmor(whole.toString('utf8'));
  const { signal } = client;
  return (await verifyClearsigned(whole, { key, url: found.url, signal })).toString('utf8');
}

async function detached(
  found: Found,
  { key }: DebSource,
  { client, fresh }: Visit,
): Promise<string> {
  const { limits, signal } = client;
  const whole = await wholeOf(found, limits.documentBytes);
  if (key === undefined) return whole.toString('utf8');
  const signature = await client.get(`${found.url}.gpg`, { fresh });
  if (signature.kind !== 'found')
    throw new MirrorError('untrusted', found.url, 'has no signature beside it, Release.gpg');
  const signedBy = await wholeOf(signature, limits.documentBytes);
  await verifyDetached(whole, signedBy, { key, url: found.url, signal });
  return whole.toString('utf8');
}

/** A signature proves who wrote it; that it is not from years ago, only this does. */
function refuseOutdated({ validUntil }: Release, url: string): void {
  if (validUntil !== undefined && validUntil < Date.now())
    throw new MirrorError(
      'untrusted',
      url,
      `was valid until ${new Date(validUntil).toISOString()}`,
    );
}

function checksumOf(indexes: readonly PackageIndex[]): string {
  const hash = createHash('sha256');
  for (const { forms } of indexes) hash.update(`${forms[0]?.path} ${forms[0]?.sha256}\n`);
  return hash.digest('hex');
}

async function readIndex(
  index: PackageIndex,
  directory: string,
  release: Release,
  visit: Visit,
): Promise<void> {
  const { limits } = visit.client;
  const { found, form } = await findIndex(index, directory, release, visit);
  const sent = checked(found.bytes, found.url, {
    size: form.size,
    checksum: { algorithm: 'sha256', hex: form.sha256 },
    most: limits.compressedBytes,
  });
  const open = checked(opened(sent, found.url), `${found.url} (unpacked)`, {
    size: index.open?.size,
    ...(index.open === undefined
      ? {}
      : { checksum: { algorithm: 'sha256', hex: index.open.sha256 } }),
    most: limits.openBytes,
  });
  await readPackages(open, found.url, visit.collector);
}

/** The first form that is there: a Release may name some that the mirror does not serve. */
async function findIndex(
  { forms }: PackageIndex,
  directory: string,
  { acquireByHash }: Release,
  { client, fresh }: Visit,
) {
  for (const form of forms) {
    const plain = new URL(form.path, directory).href;
    const byHash = new URL(`by-hash/SHA256/${form.sha256}`, plain).href;
    for (const url of acquireByHash ? [byHash, plain] : [plain]) {
      const found = await client.get(url, { fresh });
      if (found.kind === 'found') return { found, form };
    }
  }
  const names = forms.map(({ path }) => path).join(', ');
  throw new MirrorError('inconsistent', directory, `has none of ${names}, which its Release names`);
}
