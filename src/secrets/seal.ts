import {
  type KeyObject,
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  randomBytes,
} from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { NightshiftError } from '../domain/errors.js';

/** A key to seal with. Its bytes show in no log: a `KeyObject` prints none. */
export interface SealingKey {
  /** Says which secret it was made of, as `ssm:/dev/1/buildkite-agent-key:3` or `env`; not secret itself. */
  id: string;
  key: KeyObject;
}

const algorithm = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;
const pattern = /^sealed:v1:([^:]*):([A-Za-z0-9_-]+)$/;
/** Texts from here on are compressed: a history has room for 2 MB a payload, a job's environment may have 200 KB. */
const compressFromBytes = 1024;
/** What a sealed text may hold, in bytes. */
const mostBytes = 64 * 1024 * 1024;

/** First byte of what is sealed. */
const form = { plain: 0, gzip: 1 } as const;

/** Derives a key (HKDF-SHA256) from a secret, which should have the entropy of a token, not of a password. */
export function sealingKey(from: { id: string; secret: string }): SealingKey {
  if (from.id === '' || from.secret === '') {
    throw new NightshiftError(
      'InvalidInput',
      'a sealing key needs an id and a secret, and one is empty',
    );
  }
  const bytes = hkdfSync('sha256', from.secret, new Uint8Array(0), 'nightshift/seal/v1', 32);
  return { id: from.id, key: createSecretKey(new Uint8Array(bytes)) };
}

/**
 * Seals text with AES-256-GCM: `sealed:v1:<key id>:<base64url of iv | tag | ciphertext>`. `context` says whose and
 * what it is, as `job <uuid> session`; only who gives the same context can open it, so that no sealed text can stand
 * in for another.
 */
export function seal(key: SealingKey, text: string, context: string): string {
  const head = headOf(key.id);
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv(algorithm, key.key, iv).setAAD(boundTo(head, context));
  const sealed = Buffer.concat([cipher.update(packed(text)), cipher.final()]);
  return head + Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
}

/**
 * Opens what {@link seal} sealed; `keys` finds the key by its id. Throws a {@link NightshiftError}, `InvalidInput`,
 * when the text is not sealed, or the key or the context is another; what `keys` throws passes through.
 */
export async function unseal(
  keys: (id: string) => Promise<SealingKey>,
  sealed: string,
  context: string,
): Promise<string> {
  const id = sealedKeyId(sealed);
  const head = headOf(id);
  const bytes = Buffer.from(sealed.slice(head.length), 'base64url');
  if (bytes.length <= ivBytes + tagBytes) throw notSealed();
  const key = await keys(id);
  try {
    const decipher = createDecipheriv(algorithm, key.key, bytes.subarray(0, ivBytes))
      .setAAD(boundTo(head, context))
      .setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
    const opened = decipher.update(bytes.subarray(ivBytes + tagBytes));
    return unpacked(Buffer.concat([opened, decipher.final()]));
  } catch (error) {
    throw cannotOpen(id, context, error);
  }
}

export function isSealed(text: string): boolean {
  return pattern.test(text);
}

/** Id of the key that a text was sealed with. */
export function sealedKeyId(sealed: string): string {
  const encoded = pattern.exec(sealed)?.[1];
  if (encoded === undefined || encoded === '') throw notSealed();
  try {
    const id = decodeURIComponent(encoded);
    if (headOf(id) !== `sealed:v1:${encoded}:`) throw notSealed();
    return id;
  } catch {
    throw notSealed();
  }
}

function headOf(id: string): string {
  return `sealed:v1:${encodeURIComponent(id)}:`;
}

function boundTo(head: string, context: string): Buffer {
  return Buffer.from(head + context);
}

function packed(text: string): Buffer {
  const bytes = Buffer.from(text);
  if (bytes.length > mostBytes) {
    throw new NightshiftError(
      'InvalidInput',
      `a text of ${bytes.length} bytes can't be sealed; at most ${mostBytes} are allowed`,
    );
  }
  return bytes.length < compressFromBytes
    ? Buffer.concat([Buffer.of(form.plain), bytes])
    : Buffer.concat([Buffer.of(form.gzip), gzipSync(bytes)]);
}

function unpacked(bytes: Buffer): string {
  const rest = bytes.subarray(1);
  return (
    bytes[0] === form.gzip ? gunzipSync(rest, { maxOutputLength: mostBytes }) : rest
  ).toString();
}

// Neither says what the text was: whatever was given in place of a sealed one may be a secret in the clear.
function notSealed(): NightshiftError {
  return new NightshiftError(
    'InvalidInput',
    'a sealed text (sealed:v1:<key id>:<base64url>) was expected, and something else was given',
  );
}

function cannotOpen(id: string, context: string, cause: unknown): NightshiftError {
  return new NightshiftError(
    'InvalidInput',
    `what was sealed with the key ${JSON.stringify(id)} for ${JSON.stringify(context)} can't be opened`,
    {
      hint: 'it was changed, was sealed for another use, or the secret that the key is made of is another one now',
      cause,
    },
  );
}
