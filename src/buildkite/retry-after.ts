/**
 * Milliseconds that an answer asks to wait: `Retry-After` in seconds (Buildkite writes `4` and `4.000000`) or as an
 * HTTP date; for a 429 without one, `RateLimit-Reset` in seconds, which the Stacks API sends. `undefined` when it
 * asks for nothing that can be understood.
 */
export function retryAfterOf(
  headers: Headers,
  status: number,
  now: number = Date.now(),
): number | undefined {
  const asked =
    headers.get('retry-after') ?? (status === 429 ? headers.get('ratelimit-reset') : null);
  if (asked === null) return undefined;
  if (/^\d+(\.\d+)?$/.test(asked)) return Math.ceil(Number(asked) * 1000);
  const date = Date.parse(asked);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
