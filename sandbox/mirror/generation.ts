import { debFiles } from './content/deb.js';
import { listPath, type Files } from './content/files.js';
import { htmlFiles } from './content/html.js';
import { rpmFiles } from './content/rpm.js';
import type { Entry } from './entry.js';
import type { MirrorSpec } from './schema.js';

/** A mirror that is made up from its packages. */
export type MadeUp = Exclude<MirrorSpec, { kind: 'folder' }>;

/** What such a mirror has from one change of its packages to the next. It is put together when it is first asked for. */
export class Generation {
  private made: Files | undefined;

  /** @param since sandbox ms */
  constructor(
    private readonly mirror: MadeUp,
    private readonly entries: readonly Entry[],
    readonly since: number,
  ) {}

  get files(): Files {
    this.made ??= this.make();
    return this.made;
  }

  /** The list that stands for the one at this path, whatever this generation calls it. */
  listFor(path: string): Buffer | undefined {
    const same = this.files.get(path);
    if (same || this.mirror.kind !== 'rpm') return same;
    return [...this.files].find(([each]) => listPath.test(each))?.[1];
  }

  private make(): Files {
    const { mirror, entries, since: at } = this;
    switch (mirror.kind) {
      case 'rpm':
        return rpmFiles({ entries, compression: mirror.compression, at });
      case 'html':
        return htmlFiles({ entries, versions: mirror.versions, root: rootOf(mirror.name), at });
      case 'deb':
        return debFiles({ ...mirror, entries, at });
    }
  }
}

/** The path that a mirror is served at. */
export function rootOf(name: string): string {
  return `/mirror/${name}/`;
}
