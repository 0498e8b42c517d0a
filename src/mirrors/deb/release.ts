import { MirrorError } from '../error.js';

/** A file that a Release names, by its path below the Release. */
export interface ReleaseFile {
  /** Bytes. */
  size: number;
  sha256: string;
}

export interface Release {
  files: ReadonlyMap<string, ReleaseFile>;
  /** Whether files are also there under their checksums, where a sync does not replace them. */
  acquireByHash: boolean;
  /** Whether packages for any architecture are listed apart, too. */
  listsAll: boolean;
  /** After this it must not be trusted, in milliseconds since 1970. */
  validUntil: number | undefined;
}

/** Reads a Release. Throws a {@link MirrorError} where it has no SHA-256 of its files. */
export function parseRelease(text: string, url: string): Release {
  const fields = fieldsOf(text);
  const files = new Map<string, ReleaseFile>();
  for (const line of (fields.get('sha256') ?? '').split('\n')) {
    const [, sha256, size, path] = /^\s*([0-9a-f]{64})\s+(\d{1,15})\s+(\S+)\s*$/i.exec(line) ?? [];
    if (sha256 !== undefined && path !== undefined)
      files.set(path, { size: Number(size), sha256: sha256.toLowerCase() });
  }
  if (files.size === 0) {
    throw fields.has('md5sum') || fields.has('sha1')
      ? new MirrorError('unsupported', url, 'has no SHA-256 of its files')
      : new MirrorError('inconsistent', url, 'is no Release: it names no files');
  }
  const validUntil = Date.parse(fields.get('valid-until') ?? '');
  return {
    files,
    acquireByHash: fields.get('acquire-by-hash') === 'yes',
    // Otherwise the list of each architecture has them as well.
    listsAll: !(fields.get('no-support-for-architecture-all') ?? '').includes('Packages'),
    validUntil: Number.isNaN(validUntil) ? undefined : validUntil,
  };
}

/** What a clearsigned document says (RFC 9580, 7), its signature not checked; any other as it is. */
export function withoutArmor(text: string): string {
  const body =
    /^-----BEGIN PGP SIGNED MESSAGE-----\r?\n.*?\r?\n\r?\n(.*?)\r?\n-----BEGIN PGP SIGNATURE-----/s.exec(
      text,
    )?.[1];
  return body?.replace(/^- /gm, '') ?? text;
}

/** The fields of one stanza, their names in lower case; further lines of a field keep their breaks. */
function fieldsOf(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  let name = '';
  for (const line of text.split(/\r?\n/)) {
    const [, begun, value = ''] = /^([^\s:]+):\s*(.*)$/.exec(line) ?? [];
    if (begun !== undefined) {
      name = begun.toLowerCase();
      fields.set(name, value.trim());
    } else if (/^\s/.test(line)) {
      fields.set(name, `${fields.get(name) ?? ''}\n${line}`);
    }
  }
  return fields;
}
