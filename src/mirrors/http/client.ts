import type { IncomingMessage } from 'node:http';
import { MirrorError } from '../error.js';
import type { MirrorLimits } from '../limits.js';
import { isRedirect, parseUrl, redirected } from './redirect.js';
import { Agents, bytesOf, request } from './request.js';

export interface Validators {
  etag?: string;
  lastModified?: string;
}

/** A document that is there: where it was found in the end, and its bytes, to be read once. */
export interface Found {
  kind: 'found';
  url: string;
  validators: Validators;
  bytes: AsyncIterable<Uint8Array>;
}

export type Answer = Found | { kind: 'unmodified' } | { kind: 'missing'; status: number };

export interface ClientOptions {
  /** The source's URL. */
  source: string;
  /** `user:password`, sent to the source's host. */
  login?: string | undefined;
  userAgent: string;
  limits: MirrorLimits;
  signal: AbortSignal;
}

const mostRedirects = 10;

/** Asks one mirror for documents. */
export class MirrorClient {
  readonly limits: MirrorLimits;
  readonly signal: AbortSignal;
  readonly #origin: string;
  readonly #authorization: string | undefined;
  readonly #userAgent: string;
  readonly #agents = new Agents();

  /** Throws a {@link MirrorError} for a source that is no URL of http or https. */
  constructor({ source, login, userAgent, limits, signal }: ClientOptions) {
    const url = parseUrl(source, source);
    this.limits = limits;
    this.signal = signal;
    this.#origin = url.origin;
    this.#authorization = login === undefined ? undefined : basicOf(login);
    this.#userAgent = userAgent;
  }

  close(): void {
    this.#agents.close();
  }

  /**
   * Asks for a document, where `before` is given only if it is another one than then. `fresh` asks caches on the way
   * to ask the mirror itself. Throws a {@link MirrorError} for whatever is neither there nor missing.
   */
  async get(
    from: string,
    { before, fresh }: { before?: Validators; fresh?: boolean } = {},
  ): Promise<Answer> {
    let url = parseUrl(from, from);
    for (let redirects = 0; redirects <= mostRedirects; redirects++) {
      const answer = await request(url, {
        headers: {
          'User-Agent': this.#userAgent,
          Accept: '*/*',
          'Accept-Encoding': 'identity',
          ...(url.origin === this.#origin && this.#authorization !== undefined
            ? { Authorization: this.#authorization }
            : {}),
          ...(fresh === true ? { 'Cache-Control': 'no-cache' } : {}),
          ...(before?.etag === undefined ? {} : { 'If-None-Match': before.etag }),
          ...(before?.lastModified === undefined
            ? {}
            : { 'If-Modified-Since': before.lastModified }),
        },
        agents: this.#agents,
        idleMs: this.limits.idleMs,
        signal: this.signal,
      });
      if (!isRedirect(answer.statusCode)) return this.#answerOf(url, answer);
      // What is said beside a redirect or a refusal may be endless.
      answer.destroy();
      url = redirected(url, answer.headers.location);
    }
    throw new MirrorError('refused', from, `redirects more than ${mostRedirects} times`);
  }

  #answerOf(url: URL, answer: IncomingMessage): Answer {
    const status = answer.statusCode ?? 0;
    if (status === 200) {
      return {
        kind: 'found',
        url: url.href,
        validators: validatorsOf(answer),
        bytes: bytesOf(url.href, answer, this.signal),
      };
    }
    if (status === 304) {
      answer.resume();
      return { kind: 'unmodified' };
    }
    answer.destroy();
    if (status === 404 || status === 410) return { kind: 'missing', status };
    const passes = status === 408 || status === 429 || status >= 500;
    throw new MirrorError(
      passes ? 'unavailable' : 'refused',
      url.href,
      `answered ${status}`,
      status,
    );
  }
}

/** They are kept in a workflow's state: one that isn't small is none. */
const longestValidator = 512;

function validatorsOf({ headers }: IncomingMessage): Validators {
  const { etag, 'last-modified': lastModified } = headers;
  const isFit = (value: string | undefined) =>
    value !== undefined && value.length <= longestValidator;
  return { ...(isFit(etag) ? { etag } : {}), ...(isFit(lastModified) ? { lastModified } : {}) };
}

/** RFC 7617, 2: in UTF-8, as most servers take it. */
function basicOf(login: string): string {
  return `Basic ${Buffer.from(login).toString('base64')}`;
}
