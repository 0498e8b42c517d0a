import { z } from 'zod';
import type { Clock } from '../core/clock.js';
import type { Call } from './faults.js';

/** A rate that AWS grants each account in each region. Rates are per second of sandbox time. */
export const quotaSchema = z.strictObject({
  service: z.string(),
  /** The actions that share this rate; all of the service's when not given. */
  actions: z.array(z.string()).optional(),
  perSecond: z.number().positive(),
  /** Calls that may come at once before the rate counts; as many as a second grants when not given. */
  burst: z.number().positive().optional(),
});
export type Quota = z.infer<typeof quotaSchema>;

/** Token buckets, one per quota × account × region. */
export class Quotas {
  private readonly buckets = new Map<string, { tokens: number; filledAt: number }>();

  constructor(
    private readonly clock: Clock,
    private readonly quotas: readonly Quota[],
  ) {}

  /** Whether every quota grants the call. One that is refused takes no token. */
  grants(call: Call): boolean {
    if (this.quotas.length === 0) return true;
    const concerned = this.quotas
      .map((quota, index) => ({ quota, key: `${index}/${call.accountId}/${call.region}` }))
      .filter(({ quota }) => concerns(quota, call))
      .map(({ quota, key }) => this.filled(quota, key));
    if (concerned.some((bucket) => bucket.tokens < 1)) return false;
    for (const bucket of concerned) bucket.tokens -= 1;
    return true;
  }

  private filled(quota: Quota, key: string): { tokens: number } {
    const now = this.clock.now();
    const size = Math.max(1, quota.burst ?? quota.perSecond);
    const bucket = this.buckets.get(key) ?? { tokens: size, filledAt: now };
    const gained = ((now - bucket.filledAt) / 1000) * quota.perSecond;
    bucket.tokens = Math.min(size, bucket.tokens + gained);
    bucket.filledAt = now;
    this.buckets.set(key, bucket);
    return bucket;
  }
}

function concerns(quota: Quota, call: Call): boolean {
  if (quota.service !== call.service) return false;
  return quota.actions === undefined || quota.actions.includes(call.action);
}
