import type { Clock } from '../core/clock.js';
import { Tally } from './tally.js';

/** One call that reached the sandbox. */
export interface LedgerEntry {
  /** Position in the ledger, from 0, never reused. */
  index: number;
  /** Sandbox time, ms since the epoch. */
  time: number;
  /** Real time, ms since the epoch. */
  realTime: number;
  accountId: string;
  region: string;
  service: string;
  action: string;
  /** What the call was about: a StackId or name, a bucket, a parameter. */
  subject?: string;
  /** `ok`, `throttled`, `lost` (the caller got no answer), or the AWS error code. */
  outcome: string;
  /** Whether it changed something, be the answer lost or not. */
  effective: boolean;
}

export interface LedgerFilter {
  accountId?: string;
  region?: string;
  service?: string;
  action?: string;
  subject?: string;
  outcome?: string;
  effective?: boolean;
  /** Entries from this index on. */
  since?: number;
  /** At most this many, the newest. */
  limit?: number;
}

/** Every call, counted for ever and kept one by one up to a size, so that a long bench can't fill the memory. */
export class Ledger {
  private readonly ring: LedgerEntry[] = [];
  private next = 0;
  private tally = new Tally();

  constructor(
    private readonly clock: Clock,
    /** How many entries are kept one by one. */
    readonly capacity: number = 200_000,
  ) {}

  /** Calls recorded since the start or the last `clear()`. */
  get size(): number {
    return this.next;
  }

  record(call: Omit<LedgerEntry, 'index' | 'time' | 'realTime'>): void {
    const entry = { ...call, index: this.next, time: this.clock.now(), realTime: Date.now() };
    this.ring[this.next % this.capacity] = entry;
    this.next += 1;
    this.tally.add(entry);
  }

  /** Entries that match, oldest first. Those beyond the capacity are gone; the summary still counts them. */
  entries(filter: LedgerFilter = {}): LedgerEntry[] {
    const found: LedgerEntry[] = [];
    const oldest = Math.max(0, this.next - this.capacity, filter.since ?? 0);
    const limit = filter.limit ?? Infinity;
    for (let index = this.next - 1; index >= oldest && found.length < limit; index--) {
      const entry = this.ring[index % this.capacity];
      if (entry && matches(entry, filter)) found.push(entry);
    }
    return found.reverse();
  }

  /** Counts over everything that was ever recorded. */
  summary(): LedgerSummary {
    return this.tally.summary();
  }

  clear(): void {
    this.ring.length = 0;
    this.next = 0;
    this.tally = new Tally();
  }
}

export interface LedgerSummary {
  calls: number;
  /** By `service:Action`, then by outcome. */
  actions: Record<string, Record<string, number>>;
  /** Calls by `account/region`. */
  targets: Record<string, number>;
  /** By action (`DeleteStack`, `DeleteBucket`, …): how often each subject was effectively deleted. */
  effectiveDeletes: Record<string, Record<string, number>>;
}

function matches(entry: LedgerEntry, filter: LedgerFilter): boolean {
  return (
    (filter.accountId === undefined || entry.accountId === filter.accountId) &&
    (filter.region === undefined || entry.region === filter.region) &&
    (filter.service === undefined || entry.service === filter.service) &&
    (filter.action === undefined || entry.action === filter.action) &&
    (filter.subject === undefined || entry.subject === filter.subject) &&
    (filter.outcome === undefined || entry.outcome === filter.outcome) &&
    (filter.effective === undefined || entry.effective === filter.effective)
  );
}
