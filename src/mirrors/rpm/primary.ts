import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { type PackageVersion } from '../../domain/images/package.js';
import { MirrorError } from '../error.js';
import type { Collector } from '../collector.js';

type Package = Partial<Record<'name' | 'arch' | 'href' | 'base', string>> & {
  version?: Record<string, string>;
};

/** Decoded and parsed at once, in bytes: with strings of this length memory stays small, with shorter ones time grows. */
const slice = 32 * 1024;

/**
 * Reads primary.xml as it comes, a hundred megabytes of it or more, and keeps nothing but what is collected. Throws
 * a {@link MirrorError} where it is no such document, or breaks off.
 */
export async function readPrimary(
  chunks: AsyncIterable<Uint8Array>,
  url: string,
  collector: Collector,
): Promise<void> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const parser = primaryParser(url, (read) => {
    if (collector.wants(read.name ?? '', read.arch ?? '')) collector.add(packageOf(read, url));
  });
  const decoded = (chunk?: Uint8Array) => {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
    } catch {
      throw new MirrorError('inconsistent', url, 'is not UTF-8');
    }
  };
  for await (const chunk of chunks) {
    for (let start = 0; start < chunk.length; start += slice)
      parser.write(decoded(chunk.subarray(start, start + slice)));
  }
  parser.write(decoded()).close();
}

/** Tells of each package of the document. */
function primaryParser(url: string, tell: (read: Package) => void) {
  const parser = new SaxesParser<{ xmlns: false; position: false }>({
    xmlns: false,
    position: false,
  });
  let depth = 0;
  let read: Package = {};
  let text = '';
  const gather = (piece: string) => {
    text += piece;
  };
  parser.on('error', (error) => {
    throw new MirrorError('inconsistent', url, `is broken XML: ${error.message}`);
  });
  parser.on('opentag', (tag) => {
    depth++;
    if (depth === 1 && tag.name !== 'metadata')
      throw new MirrorError('inconsistent', url, `is no primary.xml: it begins with <${tag.name}>`);
    if (depth === 2) read = {};
    if (depth === 3 && keepAttributes(tag, read)) {
      text = '';
      // Listening to text costs as much as all the rest, so it is done only where it counts.
      parser.on('text', gather);
      parser.on('cdata', gather);
    }
  });
  parser.on('closetag', ({ name }) => {
    if (depth === 3 && (name === 'name' || name === 'arch')) {
      parser.off('text');
      parser.off('cdata');
      read[name] = text;
    }
    if (depth === 2 && name === 'package') tell(read);
    depth--;
  });
  return parser;
}

/** Keeps what attributes say; true where what counts is the text. */
function keepAttributes({ name, attributes }: SaxesTagPlain, read: Package): boolean {
  if (name === 'version') read.version = attributes;
  if (name === 'location') {
    if (attributes['href'] !== undefined) read.href = attributes['href'];
    if (attributes['xml:base'] !== undefined) read.base = attributes['xml:base'];
  }
  return name === 'name' || name === 'arch';
}

function packageOf({ name = '', arch = '', version, href, base }: Package, url: string) {
  const { epoch = '0', ver = '', rel = '' } = version ?? {};
  if (!/^\d{1,10}$/.test(epoch) || ver === '')
    throw new MirrorError(
      'inconsistent',
      url,
      `has a ${name}.${arch} without a version: ${JSON.stringify(version)}`,
    );
  const found: PackageVersion = {
    name,
    arch,
    evr: { epoch: Number(epoch), version: ver, release: rel },
  };
  if (href !== undefined)
    found.location =
      base !== undefined && URL.canParse(href, base) ? new URL(href, base).href : href;
  return found;
}
