/** Above it, a number of seconds is a time: 2001-09-09 in Unix seconds. */
const unixTimes = 1_000_000_000;

/**
 * Milliseconds that an answer asks to wait: `Retry-After` in seconds (Buildkite writes `4` and `4.000000`) or as an
 * HTTP date; for a 429 without one, `RateLimit-Reset`, which is in seconds (Buildkite) or a Unix time (GitLab).
 * `undefined` when it asks for nothing that can be understood.
 */
export function retryAfterOf(
  headers: Headers,
  status: number,
  now: number = Date.now(),
): number | undefined {
  const asked =
    headers.get('retry-after') ?? (status === 429 ? headers.get('ratelimit-reset') : null);
  if (asked === null) return undefined;
  if (/^\d+(\.\d+)?$/.test(asked)) {
    const seconds = Number(asked);
    return Math.ceil(seconds < unixTimes ? seconds * 1000 : Math.max(0, seconds * 1000 - now));
  }
  const date = Date.parse(asked);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
