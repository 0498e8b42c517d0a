import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { MirrorError } from '../error.js';
import { keyringOf } from './keyring.js';

const run = promisify(execFile);

export interface Verification {
  /** An armored public key, or the path of a keyring. */
  key: string;
  /** The document that is signed, for errors. */
  url: string;
  signal: AbortSignal;
}

/** Checks a detached signature. Throws a {@link MirrorError}, `untrusted` unless it is good. */
export async function verifyDetached(
  document: Uint8Array,
  signature: Uint8Array,
  verification: Verification,
): Promise<void> {
  await inScratch(async (directory) => {
    const [signed, signedBy] = [join(directory, 'document'), join(directory, 'signature')];
    await writeFile(signed, document);
    await writeFile(signedBy, signature);
    await gpgv([signedBy, signed], directory, verification);
  });
}

/** The text of a clearsigned document, as it was signed. Throws as {@link verifyDetached}. */
export async function verifyClearsigned(
  document: Uint8Array,
  verification: Verification,
): Promise<Buffer> {
  return inScratch(async (directory) => {
    const [signed, text] = [join(directory, 'document'), join(directory, 'text')];
    await writeFile(signed, document);
    await gpgv(['--output', text, signed], directory, verification);
    return readFile(text);
  });
}

/** gpgv of GnuPG, rather than an implementation of our own: there is none of a licence that fits. */
async function gpgv(
  args: readonly string[],
  directory: string,
  { key, url, signal }: Verification,
): Promise<void> {
  const keyring = await keyringOf(key, directory, url);
  const fixed = ['--homedir', directory, '--keyring', keyring, '--status-fd', '1'];
  const options = { signal, timeout: 60_000, killSignal: 'SIGKILL' } as const;
  let status: string;
  try {
    ({ stdout: status } = await run('gpgv', [...fixed, '--weak-digest', 'SHA1', ...args], options));
  } catch (error) {
    signal.throwIfAborted();
    status = statusOf(error, url);
  }
  const fault = faultOf(status);
  if (fault !== undefined) throw new MirrorError('untrusted', url, fault);
}

/** gpgv also ends with an error where one of several signatures is of a key that it doesn't have. */
function statusOf(error: unknown, url: string): string {
  const failed = z.object({ code: z.number(), stdout: z.string() }).safeParse(error);
  if (failed.success) return failed.data.stdout;
  const isAbsent = z.object({ code: z.literal('ENOENT') }).safeParse(error).success;
  const what = isAbsent ? 'gpgv is needed to check its signature: install gpgv or GnuPG' : error;
  throw new MirrorError('unsupported', url, String(what));
}

/** What is wrong with the signatures, by gpgv's status lines (doc/DETAILS of GnuPG); undefined where one is good. */
function faultOf(status: string): string | undefined {
  const keywords = status.split('\n').map((line) => /^\[GNUPG:\] (\S+)(.*)/.exec(line) ?? []);
  const said = (keyword: string) => keywords.find(([, each]) => each === keyword)?.[2]?.trim();
  const bad = said('BADSIG');
  if (bad !== undefined) return `has a signature that is not of it, by the key ${bad}`;
  if (said('GOODSIG') !== undefined && said('VALIDSIG') !== undefined) return undefined;
  const expired = said('EXPKEYSIG') ?? said('REVKEYSIG') ?? said('EXPSIG');
  if (expired !== undefined) return `is signed by a key that is expired or revoked: ${expired}`;
  const unknown = said('NO_PUBKEY');
  if (unknown !== undefined) return `is signed by ${unknown}, which is not a configured key`;
  return 'has no signature by a configured key';
}

async function inScratch<T>(use: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'nightshift-signature-'));
  try {
    return await use(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
