import { type PackageVersion, runsOn } from '../domain/images/package.js';
import { formatEvr } from '../domain/images/versions/evr.js';
import { MirrorError } from './error.js';
import type { Wanted } from './source.js';

/** Takes what is wanted of a mirror's packages, each once. */
export class Collector {
  readonly #names: ReadonlySet<string>;
  readonly #architectures: readonly string[];
  readonly #most: number;
  readonly #url: string;
  readonly #found = new Map<string, PackageVersion>();

  constructor({ names, architectures }: Wanted, limits: { packages: number }, url: string) {
    this.#names = new Set(names);
    this.#architectures = architectures;
    this.#most = limits.packages;
    this.#url = url;
  }

  get names(): ReadonlySet<string> {
    return this.#names;
  }

  get packages(): PackageVersion[] {
    return [...this.#found.values()];
  }

  wants(name: string, arch: string): boolean {
    return this.#names.has(name) && this.#architectures.some((each) => runsOn(arch, each));
  }

  /** Throws a {@link MirrorError} where there are more than may be kept. */
  add(found: PackageVersion): void {
    const key = `${found.name} ${found.arch} ${formatEvr(found.evr)}`;
    if (this.#found.has(key)) return;
    if (this.#found.size >= this.#most)
      throw new MirrorError(
        'unsupported',
        this.#url,
        `has more than ${this.#most} versions of ${[...this.#names].join(', ')}`,
      );
    // Strings of a parser are slices of its input, and would keep all of it in memory.
    this.#found.set(key, structuredClone(found));
  }
}
