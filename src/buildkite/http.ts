import { z } from 'zod';
import { NoAnswer, attemptWithin } from '../http/attempt.js';
import { isEndpoint, isToken, shownEndpoint, withoutSlash } from '../http/endpoint.js';
import { jsonOf } from '../http/json.js';
import { retryAfterOf } from '../http/retry-after.js';
import { redact } from '../secrets/redact.js';
import { BuildkiteError } from './error.js';

/** One call to Buildkite, as it goes over the wire. */
export interface HttpCall {
  method: 'GET' | 'POST' | 'PUT';
  /** `https://agent-edge.buildkite.com/v3`, a slash at its end or none. */
  endpoint: string;
  /** Below the endpoint, made with {@link segment}: `jobs/…/start`. */
  path: string;
  query?: Readonly<Record<string, string | number | undefined>>;
  token: string;
  headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as it is, instead. */
  bytes?: Uint8Array;
}

/** An answer of 2xx. */
export interface HttpAnswer {
  status: number;
  headers: Headers;
  text: string;
}

export interface HttpOptions {
  /** How long an answer may take, in milliseconds; 60 s, the agent's own, unless given. */
  timeoutMs?: number;
  userAgent?: string;
}

/**
 * One exchange with Buildkite. Throws a {@link BuildkiteError} for every answer but a 2xx and for none at all, or
 * the reason of `signal`.
 */
export async function exchange(
  call: HttpCall,
  options: HttpOptions,
  signal?: AbortSignal,
): Promise<HttpAnswer> {
  const doing = `${call.method} ${shownEndpoint(call.endpoint)}/${call.path}`;
  const fault = faultOf(call);
  if (fault !== undefined) throw new BuildkiteError(`${doing}: ${fault}`, { retryable: false });
  const response = await answerOf(call, doing, options, signal);
  if (response.status >= 200 && response.status < 300) return response;
  throw refusal(call, doing, response);
}

/** What is wrong with a call before it is made: undici's own errors quote the header or the whole URL. */
function faultOf({ endpoint, token }: HttpCall): string | undefined {
  if (!isEndpoint(endpoint)) return 'the endpoint must be a URL of http or https, with no password';
  return isToken(token)
    ? undefined
    : 'the token is empty or has characters that no token has, such as spaces or line breaks';
}

async function answerOf(
  call: HttpCall,
  doing: string,
  { timeoutMs = 60_000, userAgent = 'nightshift' }: HttpOptions,
  signal: AbortSignal | undefined,
): Promise<HttpAnswer> {
  try {
    return await attemptWithin(timeoutMs, signal, async (within) => {
      const response = await fetch(urlOf(call), {
        method: call.method,
        headers: {
          'User-Agent': userAgent,
          Accept: 'application/json',
          ...(call.json === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...call.headers,
          Authorization: `Token ${call.token}`,
        },
        body: call.bytes ?? (call.json === undefined ? null : JSON.stringify(call.json)),
        // A redirect followed would turn a POST into a GET; it comes of a wrong endpoint, and is said.
        redirect: 'manual',
        signal: within,
      });
      return { status: response.status, headers: response.headers, text: await response.text() };
    });
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    throw new BuildkiteError(redact(`${doing}: ${error.message}`, [call.token]), {
      retryable: true,
    });
  }
}

const refusalSchema = z.object({ message: z.string() });

function refusal(call: HttpCall, doing: string, answer: HttpAnswer): BuildkiteError {
  const { status, headers } = answer;
  const said =
    refusalSchema.safeParse(jsonOf(answer.text)).data?.message ?? headers.get('location') ?? '';
  const retryAfterMs = retryAfterOf(headers, status);
  return new BuildkiteError(
    redact(`${doing}: ${status}${said === '' ? '' : `: ${said.slice(0, 1000)}`}`, [call.token]),
    {
      status,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      retryable: status === 408 || status === 429 || status >= 500,
    },
  );
}

/** The answer's JSON as `schema` has it. One that is something else comes of a proxy, or was cut off. */
export function parseAnswer<T>(schema: z.ZodType<T>, answer: HttpAnswer, doing: string): T {
  const parsed = schema.safeParse(jsonOf(answer.text));
  if (parsed.success) return parsed.data;
  // What was there is not said: it may hold a token.
  const wrong = parsed.error.issues.map(
    ({ path, message }) => `${path.length === 0 ? 'the whole' : path.join('.')}: ${message}`,
  );
  throw new BuildkiteError(
    `${doing}: answered ${answer.status} with something that is no such answer (${wrong.slice(0, 5).join('; ')})`,
    { status: answer.status, retryable: true },
  );
}

/** One part of a path. Buildkite takes no dots there, so that they are encoded, too. */
export function segment(part: string): string {
  if (/^\.{0,2}$/.test(part)) {
    throw new RangeError(`${JSON.stringify(part)} can't be part of a path of Buildkite's API`);
  }
  return encodeURIComponent(part).replaceAll('.', '%2E');
}

function urlOf(call: HttpCall): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(call.query ?? {})) {
    if (value !== undefined) query.set(name, String(value));
  }
  const asked = query.toString();
  return `${withoutSlash(call.endpoint)}/${call.path}${asked === '' ? '' : `?${asked}`}`;
}
