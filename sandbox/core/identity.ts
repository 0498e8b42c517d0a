import { randomBytes } from 'node:crypto';

/** Who signs a request, as its access key says. */
export interface Identity {
  accountId: string;
  /** `arn:aws:iam::…:root` for the account's own key, `arn:aws:sts::…:assumed-role/…` for a role's. */
  arn: string;
}

export interface SessionCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  /** Real time, ms since the epoch: clients compare it with their own clock, not with the sandbox's. */
  expiration: number;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const accountKey = /^\d{12}$/;
const sessionKey = /^ASIA([A-Z2-7]{8})[A-Z2-7]{8}$/;

/**
 * Keys of an assumed role. As on AWS, the key id holds the account's id (base32), and the token the rest: they go on
 * working when the sandbox restarts, since it keeps no list of them.
 */
export function issueCredentials(
  accountId: string,
  roleName: string,
  sessionName: string,
  durationSeconds: number,
): SessionCredentials {
  const expiration = Date.now() + durationSeconds * 1000;
  const claims = [accountId, roleName, sessionName, String(expiration)];
  return {
    accessKeyId: `ASIA${encodeAccount(accountId)}${randomLetters(8)}`,
    secretAccessKey: randomBytes(30).toString('base64'),
    sessionToken: Buffer.from(claims.join('|')).toString('base64url'),
    expiration,
  };
}

export type Identification =
  { kind: 'known'; identity: Identity } | { kind: 'unknown' } | { kind: 'expired' };

/** Tells whose key it is: a 12-digit key id is that account's own; any other must have been issued by AssumeRole. */
export function identify(accessKeyId: string, sessionToken: string | undefined): Identification {
  if (accountKey.test(accessKeyId)) {
    const arn = `arn:aws:iam::${accessKeyId}:root`;
    return { kind: 'known', identity: { accountId: accessKeyId, arn } };
  }
  const encoded = sessionKey.exec(accessKeyId)?.[1];
  if (encoded === undefined || sessionToken === undefined) return { kind: 'unknown' };
  const claims = Buffer.from(sessionToken, 'base64url').toString().split('|');
  const [accountId, roleName, sessionName, expiration] = claims;
  if (accountId === undefined || encodeAccount(accountId) !== encoded) return { kind: 'unknown' };
  if (!(Number(expiration) > Date.now())) return { kind: 'expired' };
  const arn = `arn:aws:sts::${accountId}:assumed-role/${roleName ?? ''}/${sessionName ?? ''}`;
  return { kind: 'known', identity: { accountId, arn } };
}

function encodeAccount(accountId: string): string {
  let rest = Number(accountId);
  let letters = '';
  for (let index = 0; index < 8; index++) {
    letters = (alphabet[rest % 32] ?? 'A') + letters;
    rest = Math.floor(rest / 32);
  }
  return letters;
}

function randomLetters(count: number): string {
  return [...randomBytes(count)].map((byte) => alphabet[byte % 32] ?? 'A').join('');
}
