import { createHash } from 'node:crypto';
import { parseDebName, parseNevra } from '../../domain/images/nevra.js';
import { formatEvr } from '../../domain/images/versions/evr.js';
import type { PackageVersion } from '../../domain/images/package.js';
import { MirrorError } from '../error.js';
import type { Found } from '../http/client.js';
import { wholeOf } from '../http/whole.js';
import { directoryOf, locationBelow } from '../location.js';
import type { HtmlSource, MirrorReading, Wanted } from '../source.js';
import type { Visit } from '../visit.js';
import { leadsTo } from './leads-to.js';
import { type Listing, directoryNameOf, fileNameOf } from './listing.js';
import { listingOfBucket } from './bucket.js';
import { listingOfPage } from './page.js';

/** How far below its source a package is looked for. */
const deepest = 4;

interface Place {
  url: string;
  depth: number;
}

/**
 * Reads the listing of a mirror, and the listings below it that may lead to what is wanted, where it has none of it
 * itself.
 */
export async function readHtml(
  source: HtmlSource,
  wanted: Wanted,
  visit: Visit,
): Promise<MirrorReading> {
  const { client, before, fresh, collector } = visit;
  const root = listingUrl(source.url);
  const first = await client.get(root, { fresh, ...(before === undefined ? {} : { before }) });
  if (first.kind === 'unmodified' && before !== undefined)
    return { kind: 'unchanged', state: before };
  if (first.kind !== 'found')
    throw before === undefined
      ? new MirrorError('refused', root, 'is not there')
      : new MirrorError('inconsistent', root, 'is no longer there');

  const pages = await walk(root, first, source, wanted, visit);
  const { packages } = collector;
  // What is below the first page can change while that page stays the same.
  const state = visit.state(checksumOf(packages), pages === 1 ? first.validators : {});
  if (before?.checksum === state.checksum) return { kind: 'unchanged', state };
  return { kind: 'packages', packages, state };
}

/** Reads listings until there is none left that may lead further; answers how many they were. */
async function walk(
  root: string,
  first: Found,
  source: HtmlSource,
  wanted: Wanted,
  visit: Visit,
): Promise<number> {
  const { client } = visit;
  const places: Place[] = [{ url: root, depth: 0 }];
  const known = new Set([root]);
  let files = 0;
  for (let index = 0; index < places.length; index++) {
    const place = places[index];
    if (place === undefined) break;
    if (index >= client.limits.listings)
      throw new MirrorError(
        'unsupported',
        root,
        `has more than ${client.limits.listings} listings; give the URL that lists the packages`,
      );
    const listing = await listingAt(place.url, index === 0 ? first : undefined, visit);
    const { packages, found } = take(listing, root, source, visit);
    files += packages;
    const below =
      found > 0 || place.depth >= deepest
        ? []
        : listing.directories.filter((each) => leadsTo(directoryNameOf(each), wanted));
    const further = [
      ...(listing.next === undefined ? [] : [{ url: listing.next, depth: place.depth }]),
      ...below.map((url) => ({ url, depth: place.depth + 1 })),
    ];
    places.push(...further.filter(({ url }) => !known.has(url)));
    for (const { url } of further) known.add(url);
  }
  // A page of an error or of a login is also one without packages, and says nothing of the mirror.
  if (files === 0)
    throw new MirrorError(
      'inconsistent',
      root,
      `lists no ${source.versions === 'rpm' ? 'RPM' : 'Debian package'} at all`,
    );
  return places.length;
}

async function listingAt(
  url: string,
  known: Found | undefined,
  { client, fresh }: Visit,
): Promise<Listing> {
  const answer = known ?? (await client.get(url, { fresh }));
  if (answer.kind !== 'found')
    throw new MirrorError('inconsistent', url, 'is not there, though the listing above names it');
  const text = (await wholeOf(answer, client.limits.documentBytes)).toString('utf8');
  return listingOfBucket(text, answer.url) ?? listingOfPage(text, answer.url);
}

/** How many of the files are packages, and how many of these are of what is wanted. */
function take(listing: Listing, root: string, { versions }: HtmlSource, { collector }: Visit) {
  const parse = versions === 'rpm' ? parseNevra : parseDebName;
  const counts = { packages: 0, found: 0 };
  for (const url of listing.files) {
    const nevra = parse(fileNameOf(url));
    if (nevra === undefined) continue;
    counts.packages++;
    if (!collector.names.has(nevra.name)) continue;
    counts.found++;
    if (collector.wants(nevra.name, nevra.arch))
      collector.add({ ...nevra, location: locationBelow(root, url) });
  }
  return counts;
}

/** With a query, or the name of a page, a URL is as it should be; else it is a directory's. */
function listingUrl(url: string): string {
  if (!URL.canParse(url)) return url;
  const { search, pathname } = new URL(url);
  return search !== '' || /\.\w*html?$/.test(pathname) ? url : directoryOf(url);
}

function checksumOf(packages: readonly PackageVersion[]): string {
  const lines = packages.map(({ name, arch, evr }) => `${name} ${arch} ${formatEvr(evr)}\n`);
  return createHash('sha256').update(lines.sort().join('')).digest('hex');
}
