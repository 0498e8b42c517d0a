import { checked } from '../checked.js';
import { MirrorError } from '../error.js';
import type { Found } from '../http/client.js';
import { wholeOf } from '../http/whole.js';
import { directoryOf } from '../location.js';
import { opened } from '../open/open.js';
import { verifyDetached } from '../signature/verify.js';
import type { MirrorReading, RpmSource } from '../source.js';
import type { Visit } from '../visit.js';
import { readPrimary } from './primary.js';
import { type Primary, parseRepomd } from './repomd.js';

/** Reads a repository of RPMs: repomd.xml, and primary.xml where it is another one than before. */
export async function readRpm(source: RpmSource, visit: Visit): Promise<MirrorReading> {
  const { client, before, fresh, collector } = visit;
  const root = directoryOf(source.url);
  const url = new URL('repodata/repomd.xml', root).href;
  const answer = await client.get(url, { fresh, ...(before === undefined ? {} : { before }) });
  if (answer.kind === 'unmodified' && before !== undefined)
    return { kind: 'unchanged', state: before };
  if (answer.kind !== 'found') throw absent(url, before !== undefined);

  const primary = await primaryOf(source, answer, visit);
  // The revision of repomd.xml can be 0 forever; what its primary is can't.
  const state = visit.state(primary.checksum.hex, answer.validators);
  if (before?.checksum === state.checksum) return { kind: 'unchanged', state };
  const at = locate(primary, root, url);
  const { limits } = client;
  const sent = checked(await bytesAt(at, visit), at, {
    size: primary.size,
    checksum: primary.checksum,
    most: limits.compressedBytes,
  });
  const open = checked(opened(sent, at), `${at} (unpacked)`, {
    size: primary.openSize,
    checksum: primary.openChecksum,
    most: limits.openBytes,
  });
  await readPrimary(open, at, collector);
  return { kind: 'packages', packages: collector.packages, state };
}

async function primaryOf(source: RpmSource, answer: Found, visit: Visit): Promise<Primary> {
  const { client } = visit;
  const { url } = answer;
  const repomd = await wholeOf(answer, client.limits.documentBytes);
  if (source.key === undefined) return parseRepomd(repomd.toString('utf8'), url);
  const signature = await client.get(`${url}.asc`, { fresh: visit.fresh });
  if (signature.kind !== 'found')
    throw new MirrorError('untrusted', url, 'has no signature beside it, repomd.xml.asc');
  await verifyDetached(repomd, await wholeOf(signature, client.limits.documentBytes), {
    key: source.key,
    url,
    signal: client.signal,
  });
  const primary = parseRepomd(repomd.toString('utf8'), url);
  if (primary.checksum.algorithm === 'sha1')
    throw new MirrorError(
      'untrusted',
      url,
      'is signed, but states SHA-1 of its primary.xml, which proves nothing',
    );
  return primary;
}

/** Locations are relative to the root of the repository, not to repodata. */
function locate({ location }: Primary, root: string, url: string): string {
  const at = URL.canParse(location, root) ? new URL(location, root) : undefined;
  if (at?.origin === new URL(root).origin) return at.href;
  throw new MirrorError(
    'unsupported',
    url,
    `has its primary.xml at ${JSON.stringify(location)}, and it must be on the same host`,
  );
}

async function bytesAt(url: string, { client, fresh }: Visit): Promise<AsyncIterable<Uint8Array>> {
  const answer = await client.get(url, { fresh });
  if (answer.kind === 'found') return answer.bytes;
  throw new MirrorError('inconsistent', url, 'is not there, though repomd.xml names it');
}

/** What was there once is being replaced; what never was is elsewhere. */
function absent(url: string, wasThere: boolean): MirrorError {
  return wasThere
    ? new MirrorError('inconsistent', url, 'is no longer there')
    : new MirrorError('refused', url, 'is not there: no repository of RPMs');
}
