import { NoAnswer, attemptWithin } from '../http/attempt.js';
import { isEndpoint, isToken, shownEndpoint, withoutSlash } from '../http/endpoint.js';
import { redact } from '../secrets/redact.js';
import { GitLabError } from './error.js';
import { refusalOf } from './refusal.js';

/** What kind of token it is: an access token (personal, project, group), a CI job's, or OAuth's. */
export type TokenKind = 'private' | 'job' | 'bearer';

export interface Connection {
  /** Of the instance: `https://gitlab.example.com`, with `/api/v4` or without. */
  url: string;
  /** Secret. */
  token: string;
  tokenKind: TokenKind;
  /** How long an answer may take, in milliseconds. */
  timeoutMs: number;
  userAgent: string;
  /** In place of the global one, for proxies and tests. */
  fetch: typeof fetch;
}

export interface HttpCall {
  method: 'GET' | 'POST' | 'DELETE';
  /** Below `/api/v4`, made with {@link segment}. */
  path: string;
  query?: Readonly<Record<string, string | number | boolean | undefined>>;
  headers?: Readonly<Record<string, string>>;
  json?: unknown;
  /** Made anew for each attempt. */
  form?: () => FormData;
  /** The call shows no token of the connection: it has another in its body. */
  secret?: string;
}

/**
 * One exchange with GitLab; `read` is given an answer of 2xx, or one that `takes` lets through. Throws a
 * {@link GitLabError} for every other answer and for none, or the reason of `signal`.
 */
export async function exchange<T>(
  connection: Connection,
  call: HttpCall,
  read: (response: Response) => Promise<T>,
  signal: AbortSignal | undefined,
  takes: (status: number) => boolean = () => false,
): Promise<T> {
  const { url, token, timeoutMs } = connection;
  const doing = `${call.method} ${shownEndpoint(apiOf(url))}/${call.path}`;
  const fault = faultOf(url, token);
  if (fault !== undefined)
    throw new GitLabError('invalid', `${doing}: ${fault}`, { retryable: false });
  const secrets = [token, call.secret];
  try {
    return await attemptWithin(
      timeoutMs,
      signal,
      async (within) => {
        const response = await send(connection, call, within);
        if (response.ok || takes(response.status)) return await read(response);
        throw refusalOf(doing, response.status, response.headers, await response.text(), secrets);
      },
      (error) => error instanceof GitLabError,
    );
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    const message = redact(`${doing}: ${error.message}`, secrets);
    throw new GitLabError('unavailable', message, { retryable: true });
  }
}

async function send(
  connection: Connection,
  call: HttpCall,
  signal: AbortSignal,
): Promise<Response> {
  const { userAgent, fetch } = connection;
  const body = call.form?.() ?? (call.json === undefined ? null : JSON.stringify(call.json));
  const response = await fetch(urlOf(connection.url, call), {
    method: call.method,
    headers: {
      'User-Agent': userAgent,
      ...(call.json === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...call.headers,
      ...(call.secret === undefined ? tokenHeader(connection) : {}),
    },
    body,
    // A redirect followed would turn a POST into a GET, and take the token along to where it leads.
    redirect: 'manual',
    signal,
  });
  const to = response.headers.get('location');
  if (call.method !== 'GET' || to === null || response.status < 300 || response.status >= 400)
    return response;
  // Files may be kept in an object store, whose signed URL needs no token.
  await response.body?.cancel();
  return fetch(new URL(to, connection.url), { headers: { 'User-Agent': userAgent }, signal });
}

function tokenHeader({ token, tokenKind }: Connection): Record<string, string> {
  switch (tokenKind) {
    case 'private':
      return { 'PRIVATE-TOKEN': token };
    case 'job':
      return { 'JOB-TOKEN': token };
    case 'bearer':
      return { Authorization: `Bearer ${token}` };
  }
}

/** What is wrong with a call before it is made: undici's own errors quote the header or the whole URL. */
function faultOf(url: string, token: string): string | undefined {
  if (!isEndpoint(url)) return 'the URL must be one of http or https, with no password';
  return isToken(token)
    ? undefined
    : 'the token is empty or has characters that no token has, such as spaces or line breaks';
}

function apiOf(url: string): string {
  const root = withoutSlash(url);
  return root.endsWith('/api/v4') ? root : `${root}/api/v4`;
}

function urlOf(url: string, { path, query }: HttpCall): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {}))
    if (value !== undefined) search.set(name, String(value));
  const asked = search.toString();
  return `${apiOf(url)}/${path}${asked === '' ? '' : `?${asked}`}`;
}

/** One part of a path: a project's id, or its path with its slashes encoded. */
export function segment(part: string | number): string {
  const text = String(part);
  if (/^\.{0,2}$/.test(text))
    throw new GitLabError(
      'invalid',
      `${JSON.stringify(text)} can't be part of a path of GitLab's API`,
      {
        retryable: false,
      },
    );
  return encodeURIComponent(text);
}
