import type { AwsRequest, AwsResponse } from '../core/service.js';
import { sha256 } from './entry.js';
import type { Mirror, MirrorFile } from './mirror.js';

type Reply = Omit<AwsResponse, 'action'>;

/** What a mirror answers for a path below it, as its state lets it. */
export async function serve(
  mirror: Mirror,
  path: string,
  request: AwsRequest,
  now: number,
): Promise<Reply> {
  const state = mirror.stateAt(now);
  if (state.kind === 'down' || state.kind === 'slow') mirror.strike();
  if (state.kind === 'down') return plain(state.status, 'the mirror is down');
  if (!mayRead(mirror, request)) return unauthorized();
  const file = await mirror.file(path, request.asOf ?? now);
  if (!file) return plain(404, 'not here');
  if (state.kind === 'slow') return paced(answer(file, path, request), state.bytesPerSecond);
  if (state.kind === 'whole' || !mirror.isList(path)) return answer(file, path, request);
  mirror.strike();
  if (state.kind === 'half') return halfOf(file, state.connection, path, request);
  const older = state.list === 'older' ? mirror.olderList(path) : undefined;
  return older ? answer({ ...file, body: older }, path, request) : plain(404, 'not here yet');
}

function halfOf(
  file: MirrorFile,
  connection: 'ends' | 'breaks',
  path: string,
  request: AwsRequest,
): Reply {
  const half = Math.floor(file.body.length / 2);
  if (connection === 'ends')
    return answer({ ...file, body: file.body.subarray(0, half) }, path, request);
  const whole = answer(file, path, request);
  return whole.body.length > 0 ? { ...whole, breaksAfter: half } : whole;
}

/** RFC 9110, 13: a client that has this very file already is told so. */
function answer(file: MirrorFile, path: string, { method, headers }: AwsRequest): Reply {
  const etag = `"${sha256(file.body).slice(0, 20)}"`;
  const modifiedAt = Math.floor(file.modifiedAt / 1000) * 1000;
  const validators = { etag, 'last-modified': new Date(modifiedAt).toUTCString() };
  if (isKnown(headers, etag, modifiedAt)) return { status: 304, headers: validators, body: '' };
  return {
    status: 200,
    headers: {
      ...validators,
      'content-type': typeOf(path),
      'content-length': String(file.body.length),
    },
    body: method === 'HEAD' ? '' : file.body,
  };
}

function isKnown(headers: AwsRequest['headers'], etag: string, modifiedAt: number): boolean {
  const tags = headers['if-none-match'];
  if (tags !== undefined)
    return tags.split(',').some((tag) => ['*', etag].includes(tag.trim().replace(/^W\//, '')));
  const since = Date.parse(headers['if-modified-since'] ?? '');
  return modifiedAt <= since;
}

function paced(reply: Reply, bytesPerSecond: number): Reply {
  return { ...reply, bytesPerSecond };
}

/** RFC 7617. */
function mayRead({ spec: { login } }: Mirror, { headers }: AwsRequest): boolean {
  if (login === undefined) return true;
  return headers['authorization'] === `Basic ${Buffer.from(login).toString('base64')}`;
}

function unauthorized(): Reply {
  const reply = plain(401, 'who are you?');
  const challenge = { 'www-authenticate': 'Basic realm="packages", charset="UTF-8"' };
  return { ...reply, headers: { ...reply.headers, ...challenge } };
}

export function plain(status: number, text: string): Reply {
  return {
    status,
    headers: { 'content-type': 'text/plain' },
    body: `${status} ${text}\n`,
    errorCode: String(status),
  };
}

function typeOf(path: string): string {
  if (path === '') return 'text/html; charset=utf-8';
  if (path.endsWith('.xml')) return 'text/xml';
  return /\.(gz|xz|zst|bz2|rpm|deb)$/.test(path) ? 'application/octet-stream' : 'text/plain';
}
