import { z } from 'zod';
import type { LineName } from '../cell.js';

/** What a tracker says that is in parts. */
export const partsFormat = 'nightshift-images-parts/1';

/** Stands in the place of a tracker that is too large for one parameter: its parts, in their order, are the tracker. */
export interface PartsHead extends LineName {
  /** Counts up with each tracker that is written; the parts' names have it. */
  generation: number;
  /** Of the whole text in UTF-8, hexadecimal. */
  sha256: string;
  /** Names of the parts. */
  parts: string[];
}

const headSchema = z
  .object({
    format: z.literal(partsFormat),
    line: z.string(),
    channel: z.string(),
    generation: z.number().int().positive(),
    sha256: z.string(),
    parts: z.array(z.string()).min(1),
  })
  .transform(({ format: _format, ...head }): PartsHead => head);

export function partsHead({ line, channel, generation, sha256, parts }: PartsHead): string {
  return `${JSON.stringify({ format: partsFormat, line, channel, generation, sha256, parts })}\n`;
}

/** The head that a text is; undefined where it is none. */
export function readPartsHead(text: string): PartsHead | undefined {
  if (!text.includes(partsFormat)) return undefined;
  try {
    return headSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** `/nightshift/images/runner.17.1`: the name of a part, counted from 1. */
export function partName(name: string, generation: number, part: number): string {
  return `${name}.${generation}.${part}`;
}

/** Bytes that a letter takes in UTF-8. */
function bytesOf(letter: string): number {
  const code = letter.codePointAt(0) ?? 0;
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
}

/** Cuts a text into pieces of at most so many bytes of UTF-8, none within a letter. */
export function cut(text: string, most: number): string[] {
  const pieces: string[] = [];
  let from = 0;
  let at = 0;
  let bytes = 0;
  for (const letter of text) {
    const more = bytesOf(letter);
    if (bytes + more > most) {
      pieces.push(text.slice(from, at));
      [from, bytes] = [at, 0];
    }
    at += letter.length;
    bytes += more;
  }
  return at > from ? [...pieces, text.slice(from)] : pieces;
}

export function byteLength(text: string): number {
  let bytes = 0;
  for (const letter of text) bytes += bytesOf(letter);
  return bytes;
}
