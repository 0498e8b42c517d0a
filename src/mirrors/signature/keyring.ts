import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MirrorError } from '../error.js';

const armored = /-----BEGIN PGP PUBLIC KEY BLOCK-----(.*?)-----END PGP PUBLIC KEY BLOCK-----/gs;

/**
 * The path of a keyring that gpgv reads, put into `directory` where there is none yet: gpgv takes no armored keys.
 * `key` is an armored public key, or the path of one or of a keyring.
 */
export async function keyringOf(key: string, directory: string, url: string): Promise<string> {
  const isArmored = key.includes('-----BEGIN PGP');
  const held = isArmored ? Buffer.from(key) : await readKey(key, url);
  const unpacked = dearmored(held.toString('latin1'));
  if (isArmored && unpacked.length === 0)
    throw new MirrorError('unsupported', url, 'the configured key holds no armored public key');
  const path = join(directory, 'keyring.gpg');
  await writeFile(path, unpacked.length === 0 ? held : unpacked, { mode: 0o600 });
  return path;
}

async function readKey(path: string, url: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new MirrorError('unsupported', url, `the configured keyring can't be read: ${why}`);
  }
}

/** The packets of every armored key (RFC 9580, 6.2), one after the other. */
function dearmored(text: string): Buffer {
  return Buffer.concat(
    Array.from(text.matchAll(armored), ([, block = '']) => {
      const lines = block.split(/\r?\n/);
      // An empty line ends the headers; a checksum begins with an equals sign.
      const begin = lines.findIndex((line, index) => index > 0 && line.trim() === '');
      const packets = lines.slice(begin).filter((line) => !line.startsWith('='));
      return Buffer.from(packets.join(''), 'base64');
    }),
  );
}
