import { XMLParser } from 'fast-xml-parser';
import type { z } from 'zod';
import { malformedXml } from './errors.js';

const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: false,
  // Keys come with character references (`&#xD;`), and a thousand keys may hold more of them than the parser's limits.
  htmlEntities: true,
  processEntities: { enabled: true, maxTotalExpansions: Infinity, maxExpandedLength: Infinity },
  isArray: (name) => name === 'Object' || name === 'Tag',
});

/** Reads a request's XML; anything that doesn't have the expected shape is MalformedXML, as S3 answers. */
export function parseXml<T extends z.ZodType>(body: Buffer, schema: T): z.output<T> {
  const text = body.toString();
  // The parser reads past an end that is missing, S3 does not.
  if (!/<\/[^<>]+>\s*$/.test(text)) throw malformedXml();
  const parsed = schema.safeParse(parser.parse(text));
  if (!parsed.success) throw malformedXml();
  return parsed.data;
}
