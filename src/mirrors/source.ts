import type { PackageVersion, VersionKind } from '../domain/images/package.js';
import type { MirrorState } from '../domain/images/mirror-state.js';
import type { MirrorLimits } from './limits.js';

/** A repository of RPMs, by its metadata. */
export interface RpmSource {
  kind: 'rpm';
  /** The directory that holds `repodata/`. */
  url: string;
  /** An armored public key, or the path of a keyring; repomd.xml must then be signed by a key of it. */
  key?: string;
}

/** A mirror without metadata: a page that lists its files, or an S3 bucket's own listing. */
export interface HtmlSource {
  kind: 'html';
  url: string;
  /** Which packages are listed there. Names of files tell no epoch: it is 0 unless one is written. */
  versions: VersionKind;
}

/** A repository of Debian packages. */
export interface DebSource {
  kind: 'deb';
  /** The directory that holds `dists/`. */
  url: string;
  /** `bookworm`; with a slash at its end, the directory of a flat repository. */
  suite: string;
  component: string;
  /** As for RPMs; the Release file must then be signed by a key of it. */
  key?: string;
}

/** Where packages are. */
export type MirrorSource = RpmSource | HtmlSource | DebSource;

/** What is looked for; everything else is dropped as it is read. */
export interface Wanted {
  /** Names of packages, exactly. */
  names: readonly string[];
  /** By any of their names (`x86_64` is `amd64`); packages that run anywhere are taken with each. */
  architectures: readonly string[];
}

export type MirrorReading =
  /** Nothing has changed since the state that was given; `state` is the one to give next. */
  | { kind: 'unchanged'; state: MirrorState }
  /** All that the mirror has of what is wanted, each once; none is an answer, too. */
  | { kind: 'packages'; packages: PackageVersion[]; state: MirrorState };

export interface ReadOptions {
  /** What the last reading answered; one of another source, or of other wishes, is disregarded. */
  before?: MirrorState;
  signal: AbortSignal;
  /** `user:password`, for a mirror that asks for it: sent to the host of the source alone. */
  login?: string;
  /** `nightshift` unless given. */
  userAgent?: string;
  limits?: Partial<MirrorLimits>;
}
