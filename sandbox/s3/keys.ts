/** Names and order inside a bucket. */

/**
 * Orders keys as S3 lists them: by their UTF-8 bytes. JavaScript compares UTF-16 units, which puts astral characters
 * (emoji) before U+E000–U+FFFF, so the first differing unit is moved to where UTF-8 has it.
 */
export function compareKeys(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) return utf8Rank(left) - utf8Rank(right);
  }
  return a.length - b.length;
}

function utf8Rank(unit: number): number {
  if (unit >= 0xe000) return unit - 0x800;
  return unit >= 0xd800 ? unit + 0x2000 : unit;
}

/** A place in a bucket's order: versions of one key differ in `seq`, the order in which they were written. */
export interface Position {
  key: string;
  seq: number;
}

/** Versions: by key, and the newest first within a key. */
export function newestFirst(a: Position, b: Position): number {
  return compareKeys(a.key, b.key) || b.seq - a.seq;
}

/** Multipart uploads: by key, and in the order of their initiation within a key. */
export function oldestFirst(a: Position, b: Position): number {
  return compareKeys(a.key, b.key) || a.seq - b.seq;
}

const idTail = 'q3Zk7xVbT0mWcR5nYh8L';
const idDigits = 12;

/** A 32-character id, opaque to clients as S3's are, from which the sandbox reads the sequence number back. */
export function opaqueId(seq: number): string {
  return seq.toString(36).padStart(idDigits, '0') + idTail;
}

/** The sequence number of an id, or undefined for text that is no id of this sandbox. */
export function sequenceOf(id: string): number | undefined {
  if (id.length !== idDigits + idTail.length || !id.endsWith(idTail)) return undefined;
  const seq = Number.parseInt(id.slice(0, idDigits), 36);
  return Number.isSafeInteger(seq) && opaqueId(seq) === id ? seq : undefined;
}

/** What the per-prefix quota counts on: the key up to and including its last `/`. */
export function prefixOf(key: string): string {
  return key.slice(0, key.lastIndexOf('/') + 1);
}

/** `encoding-type=url`: percent-encoded, with `/` as it is and a space as `+`. */
export function encodeKey(key: string): string {
  return encodeURIComponent(key).replaceAll('%2F', '/').replaceAll('%20', '+');
}
