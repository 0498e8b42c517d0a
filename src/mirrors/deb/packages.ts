import { parseEvr } from '../../domain/images/versions/evr.js';
import type { Collector } from '../collector.js';
import { MirrorError } from '../error.js';

/** No line of a Packages file is anywhere near as long. */
const longestLine = 4 * 1024 ** 2;

interface Stanza {
  package?: string;
  version?: string;
  architecture?: string;
  filename?: string;
}

/** Reads a Packages file as it comes and keeps nothing but what is collected. Throws a {@link MirrorError}. */
export async function readPackages(
  chunks: AsyncIterable<Uint8Array>,
  url: string,
  collector: Collector,
): Promise<void> {
  const decoder = new TextDecoder();
  let begun = '';
  let stanza: Stanza = {};
  const take = (line: string) => {
    if (line.trim() !== '') keep(line, stanza);
    else {
      collect(stanza, url, collector);
      stanza = {};
    }
  };
  for await (const chunk of chunks) {
    const lines = (begun + decoder.decode(chunk, { stream: true })).split('\n');
    begun = lines.pop() ?? '';
    if (begun.length > longestLine)
      throw new MirrorError('unsupported', url, `has a line longer than ${longestLine} characters`);
    lines.forEach(take);
  }
  take(begun + decoder.decode());
  take('');
}

function keep(line: string, stanza: Stanza): void {
  // By their first letter: nearly all lines are of other fields, or go on with one.
  if (!'PVAFpvaf'.includes(line.charAt(0))) return;
  const [, field = '', value = ''] =
    /^(Package|Version|Architecture|Filename):\s*(.*?)\s*$/i.exec(line) ?? [];
  const name = field.toLowerCase();
  if (name === 'package' || name === 'version' || name === 'architecture' || name === 'filename')
    stanza[name] = value;
}

function collect(stanza: Stanza, url: string, collector: Collector): void {
  const { package: name = '', version = '', architecture = '', filename } = stanza;
  if (!collector.wants(name, architecture)) return;
  collector.add({
    name,
    arch: architecture,
    evr: evrOf(name, version, url),
    ...(filename === undefined ? {} : { location: filename }),
  });
}

function evrOf(name: string, version: string, url: string) {
  try {
    return parseEvr(version);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new MirrorError('inconsistent', url, `has ${name} with the version ${why}`);
  }
}
