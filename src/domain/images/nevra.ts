import { type Evr, parseEvr } from './versions/evr.js';

/** What the name of an RPM's file says. A file's name holds no epoch: it is 0 there unless it is written. */
export interface Nevra {
  name: string;
  evr: Evr;
  /** `src` and `nosrc` are sources. */
  arch: string;
}

/** What a file's name can be on the systems that mirrors run on. */
const longestName = 255;

/**
 * Reads the name of an RPM's file, `name-[epoch:]version-release.arch.rpm`, from its end: a name may hold dashes
 * and dots, version and release hold no dash, and the architecture holds no dot. Undefined where it is none.
 */
export function parseNevra(file: string): Nevra | undefined {
  if (file.length > longestName) return undefined;
  const [, name = '', evr = '', arch = ''] =
    /^([\w.+-]+)-((?:\d+:)?[\w.+~^]+-[\w.+~^]+)\.(\w+)\.rpm$/.exec(file) ?? [];
  return named(name, evr, arch);
}

/**
 * Reads the name of a Debian package's file, `name_[epoch:]version_arch.deb`. The epoch is often left out, or its
 * colon written as `%3a`. Undefined where it is none.
 */
export function parseDebName(file: string): Nevra | undefined {
  if (file.length > longestName) return undefined;
  const [, name = '', evr = '', arch = ''] =
    /^([a-z0-9][a-z0-9+.-]+)_((?:\d+(?::|%3a))?[\w.+~-]+?)_([a-z0-9-]+)\.deb$/i.exec(file) ?? [];
  return named(name, evr.replace(/%3a/i, ':'), arch);
}

function named(name: string, evr: string, arch: string): Nevra | undefined {
  if (name === '') return undefined;
  try {
    return { name, evr: parseEvr(evr), arch };
  } catch {
    return undefined;
  }
}
