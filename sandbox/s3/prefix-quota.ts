interface Allowance {
  tokens: number;
  /** Sandbox time of the last look, ms. */
  at: number;
}

/**
 * S3's request rate per prefix, as a token bucket in sandbox time that holds one second's worth. S3 documents "at least
 * 3,500 PUT/COPY/POST/DELETE … requests per second per partitioned prefix"; each key of a DeleteObjects counts.
 */
export class PrefixQuota {
  private readonly allowances = new Map<string, Allowance>();

  /** `perSecond` may be Infinity: no quota. */
  constructor(private readonly perSecond: number) {}

  /**
   * Takes what a call needs of each prefix, all or nothing. Once a prefix has as much as a second gives, any call goes
   * through (and leaves a debt), so that a quota below a batch's size slows it instead of stopping it.
   */
  take(counts: ReadonlyMap<string, number>, now: number): boolean {
    if (this.perSecond === Infinity) return true;
    const takings = [...counts].map(([prefix, count]) => ({
      count,
      allowance: this.allowance(prefix, now),
    }));
    if (takings.some((t) => t.allowance.tokens < Math.min(t.count, this.perSecond))) return false;
    for (const { count, allowance } of takings) allowance.tokens -= count;
    return true;
  }

  private allowance(prefix: string, now: number): Allowance {
    const known = this.allowances.get(prefix);
    if (!known) {
      const fresh = { tokens: this.perSecond, at: now };
      this.allowances.set(prefix, fresh);
      return fresh;
    }
    const gained = ((now - known.at) / 1000) * this.perSecond;
    known.tokens = Math.min(this.perSecond, known.tokens + Math.max(0, gained));
    known.at = now;
    return known;
  }
}
