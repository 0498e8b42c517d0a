import { namesOfArchitecture } from '../../domain/images/package.js';
import { MirrorError } from '../error.js';
import type { DebSource } from '../source.js';
import type { Release, ReleaseFile } from './release.js';

/** A list of packages, in each form that the Release names: the best to read first. */
export interface PackageIndex {
  forms: readonly (ReleaseFile & { path: string })[];
  /** The list unpacked; absent where the Release does not name it. */
  open: ReleaseFile | undefined;
}

/** Node unpacks gzip in a thread of its own, so it comes first though xz is smaller. */
const readable = ['.gz', '.xz', '.zst', ''];

/** The lists to read for what is wanted. Throws a {@link MirrorError} where an architecture has none. */
export function indexesOf(
  source: DebSource,
  architectures: readonly string[],
  release: Release,
  url: string,
): PackageIndex[] {
  // A flat repository has one list, of all architectures.
  if (source.suite.endsWith('/')) return [indexAt('Packages', release, url)];
  const pathOf = (arch: string) => `${source.component}/binary-${arch}/Packages`;
  const isListed = (arch: string) =>
    readable.some((form) => release.files.has(pathOf(arch) + form));
  const wanted = architectures.map((architecture) => {
    const arch = namesOfArchitecture(architecture).find(isListed);
    return arch ?? namesOfArchitecture(architecture).find((name) => /^[a-z0-9-]+$/.test(name));
  });
  const apart = release.listsAll && isListed('all') ? ['all'] : [];
  return [...new Set([...wanted, ...apart])].map((arch) =>
    indexAt(pathOf(arch ?? 'all'), release, url),
  );
}

function indexAt(path: string, { files }: Release, url: string): PackageIndex {
  const forms = readable.flatMap((form) => {
    const file = files.get(path + form);
    return file === undefined ? [] : [{ ...file, path: path + form }];
  });
  if (forms.length > 0) return { forms, open: files.get(path) };
  if (files.has(`${path}.bz2`))
    throw new MirrorError(
      'unsupported',
      url,
      `names ${path} packed with bzip2 alone, and gzip, xz, zstd or no packing is read`,
    );
  const known = [...files.keys()].flatMap(
    (each) => /^(.+\/Packages)(?:\.\w+)?$/.exec(each)?.[1] ?? [],
  );
  const shown = [...new Set(known)].slice(0, 20).join(', ');
  throw new MirrorError('unsupported', url, `names no ${path}; there are ${shown || 'none'}`);
}
