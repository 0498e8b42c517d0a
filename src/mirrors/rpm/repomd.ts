import type { Checksum } from '../checked.js';
import { MirrorError } from '../error.js';
import { type XmlElement, childrenOf, parseXml, textOf } from '../xml.js';

/** What repomd.xml says of primary.xml, the list of all packages. */
export interface Primary {
  /** Relative to the root of the repository. */
  location: string;
  checksum: Checksum;
  /** Of the file unpacked. */
  openChecksum?: Checksum;
  size?: number;
  openSize?: number;
}

/** Reads repomd.xml. Throws a {@link MirrorError} where it is none, or where its primary can't be checked. */
export function parseRepomd(xml: string, url: string): Primary {
  const repomd = parseXml(xml, url);
  const entry = childrenOf(repomd, 'data').find(
    ({ attributes }) => attributes['type'] === 'primary',
  );
  if (repomd.name !== 'repomd' || entry === undefined)
    throw new MirrorError('inconsistent', url, 'is no repomd.xml, or names no primary.xml');
  const location = childrenOf(entry, 'location')[0]?.attributes['href'] ?? '';
  const checksum = checksumOf(entry, 'checksum', url);
  if (location === '' || checksum === undefined)
    throw new MirrorError('inconsistent', url, 'names a primary.xml without location or checksum');
  const openChecksum = checksumOf(entry, 'open-checksum', url);
  const size = sizeOf(entry, 'size', url);
  const openSize = sizeOf(entry, 'open-size', url);
  return {
    location,
    checksum,
    ...(openChecksum === undefined ? {} : { openChecksum }),
    ...(size === undefined ? {} : { size }),
    ...(openSize === undefined ? {} : { openSize }),
  };
}

function sizeOf(entry: XmlElement, name: string, url: string): number | undefined {
  const text = textOf(entry, name);
  if (text === undefined || /^\d{1,15}$/.test(text))
    return text === undefined ? text : Number(text);
  throw new MirrorError('inconsistent', url, `has a ${name} of ${JSON.stringify(text)} bytes`);
}

const algorithms: Readonly<Record<string, Checksum['algorithm']>> = {
  // What old repositories call SHA-1.
  sha: 'sha1',
  sha1: 'sha1',
  sha224: 'sha224',
  sha256: 'sha256',
  sha384: 'sha384',
  sha512: 'sha512',
};

function checksumOf(entry: XmlElement, name: string, url: string): Checksum | undefined {
  const [element] = childrenOf(entry, name);
  if (element === undefined) return undefined;
  const type = element.attributes['type'] ?? '';
  const algorithm = algorithms[type.toLowerCase()];
  if (algorithm === undefined)
    throw new MirrorError(
      'unsupported',
      url,
      `has a ${name} of the type ${JSON.stringify(type)}; read are ${Object.keys(algorithms).join(', ')}`,
    );
  return { algorithm, hex: element.text.trim().toLowerCase() };
}
