/** Endpoints of the Stacks API that share a rate, as Buildkite names them in `RateLimit-Scope`. */
export const rateScopes = [
  'default',
  'list-scheduled-jobs',
  'batch-reserve',
  'show-job',
  'batch-load-job-states',
  'finish-job',
  'stack-notification',
] as const;
export type RateScope = (typeof rateScopes)[number];

/** Calls a second of each stack (Buildkite docs, Stacks API, "Rate limiting"). */
export const defaultRates: Readonly<Record<RateScope, number>> = {
  default: 10,
  'list-scheduled-jobs': 10,
  'batch-reserve': 10,
  'show-job': 1000,
  'batch-load-job-states': 20,
  'finish-job': 100,
  'stack-notification': 200,
};

/** What a call found of its limit. */
export interface Rate {
  scope: RateScope;
  limit: number;
  /** Calls in the window, this one included, granted or not. */
  current: number;
  granted: boolean;
}

const windowMs = 1000;

/** A sliding window of one sandbox second for each stack and scope. A call that is refused does not count. */
export class Rates {
  private readonly granted = new Map<string, number[]>();

  constructor(private readonly limits: Readonly<Record<RateScope, number>>) {}

  take(stack: string, scope: RateScope, now: number): Rate {
    const key = `${scope}/${stack}`;
    const times = (this.granted.get(key) ?? []).filter((time) => time > now - windowMs);
    const limit = this.limits[scope];
    const granted = times.length < limit;
    const current = times.length + 1;
    if (granted) times.push(now);
    this.granted.set(key, times);
    return { scope, limit, current, granted };
  }
}

/** The headers that every answer of the Stacks API has. */
export function rateHeaders(rate: Rate): Record<string, string> {
  return {
    'RateLimit-Scope': rate.scope,
    'RateLimit-Limit': String(rate.limit),
    'RateLimit-Remaining': String(Math.max(0, rate.limit - rate.current)),
    'RateLimit-Reset': '1',
  };
}
