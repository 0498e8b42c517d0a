import { z } from 'zod';
import { jsonOf } from '../http/json.js';
import { type RetryOptions, type RetryPolicy, pause, retried } from '../http/retry.js';
import { GitLabError } from './error.js';
import { type Connection, type HttpCall, exchange } from './http.js';

export interface CallerOptions extends RetryOptions {
  connection: Connection;
  policy: RetryPolicy;
}

/** Rows of a page: as many as GitLab gives. */
const perPage = 100;

/** A list that is longer than that is cut nowhere, but refused. */
const mostPages = 1000;

/** Makes calls with their retries. Every method throws a {@link GitLabError}, or the reason of `signal`. */
export class Caller {
  readonly #options: CallerOptions;

  constructor(options: CallerOptions) {
    this.#options = options;
  }

  /** Waits so many milliseconds, in the way that its options say. */
  pause(ms: number, signal?: AbortSignal): Promise<void> {
    return pause(ms, { ...this.#options, signal });
  }

  /** `name` as `GetPipeline`: errors and retries are told with it. */
  call<T>(
    name: string,
    call: HttpCall,
    read: (response: Response) => Promise<T>,
    signal?: AbortSignal,
    takes?: (status: number) => boolean,
  ): Promise<T> {
    const { connection, policy } = this.#options;
    return retried(name, policy, () => exchange(connection, call, read, signal, takes), {
      ...this.#options,
      signal,
    });
  }

  get<T>(
    name: string,
    path: string,
    schema: z.ZodType<T>,
    signal?: AbortSignal,
    query: HttpCall['query'] = {},
  ): Promise<T> {
    return this.call(name, { method: 'GET', path, query }, as(schema, name), signal);
  }

  /** Makes a call that must not be made twice: once it may have been carried out, it is `answerLost`. */
  once<T>(name: string, call: HttpCall, schema: z.ZodType<T>, signal?: AbortSignal): Promise<T> {
    const { connection, policy } = this.#options;
    const attempt = async () => {
      try {
        return await exchange(connection, call, as(schema, name), signal);
      } catch (error) {
        throw error instanceof GitLabError && error.retryable && error.answerLost
          ? error.asAnswerLost()
          : error;
      }
    };
    return retried(name, policy, attempt, { ...this.#options, signal });
  }

  /** A list, page by page to its end, with how many rows GitLab says there are in all. */
  async *pages<T>(
    name: string,
    path: string,
    row: z.ZodType<T>,
    signal?: AbortSignal,
    query: HttpCall['query'] = {},
  ): AsyncGenerator<{ rows: T[]; total: number | undefined }> {
    let next: Record<string, string> = {};
    for (let page = 0; page < mostPages; page++) {
      const asked: HttpCall['query'] = { ...query, per_page: perPage, ...next };
      const answer = await this.call(
        name,
        { method: 'GET', path, query: asked },
        async (response) => ({
          rows: await as(z.array(row), name)(response),
          total: countOf(response.headers.get('x-total')),
          next: nextOf(response.headers),
        }),
        signal,
      );
      yield { rows: answer.rows, total: answer.total };
      if (!answer.next) return;
      next = answer.next;
    }
    throw new GitLabError('tooMany', `${name}: more than ${mostPages * perPage} rows`, {
      retryable: false,
    });
  }

  async all<T>(
    name: string,
    path: string,
    row: z.ZodType<T>,
    signal?: AbortSignal,
    query: HttpCall['query'] = {},
  ): Promise<T[]> {
    const all: T[] = [];
    for await (const { rows } of this.pages(name, path, row, signal, query)) all.push(...rows);
    return all;
  }
}

/** Reads JSON of this shape. What comes instead is a proxy's, or was cut off. */
export function as<T>(schema: z.ZodType<T>, name: string): (response: Response) => Promise<T> {
  return async (response) => {
    const parsed = schema.safeParse(jsonOf(await response.text()));
    if (parsed.success) return parsed.data;
    // What was there is not said: it may hold a token.
    const wrong = parsed.error.issues
      .slice(0, 5)
      .map(
        ({ path, message }) => `${path.length === 0 ? 'the whole' : path.join('.')}: ${message}`,
      );
    const message = `${name}: answered ${response.status} with something that is no such answer (${wrong.join('; ')})`;
    throw new GitLabError('unavailable', message, { status: response.status, retryable: true });
  };
}

/**
 * The query of the next page: by number, or by what GitLab's `Link` says (keyset). Of the link only the query is
 * taken: where it leads, the token doesn't go.
 */
function nextOf(headers: Headers): Record<string, string> | undefined {
  const page = headers.get('x-next-page');
  if (page !== null && page !== '') return { page };
  const link = /<([^>]+)>\s*;\s*rel="?next"?/.exec(headers.get('link') ?? '')?.[1];
  if (link === undefined || !URL.canParse(link)) return undefined;
  return Object.fromEntries(new URL(link).searchParams);
}

function countOf(text: string | null): number | undefined {
  return text !== null && /^\d+$/.test(text) ? Number(text) : undefined;
}
