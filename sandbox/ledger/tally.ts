import type { LedgerEntry, LedgerSummary } from './ledger.js';

/** The ledger's counters. They grow with the kinds of calls and with what is deleted, not with the calls. */
export class Tally {
  private calls = 0;
  private readonly actions = new Map<string, Map<string, number>>();
  private readonly targets = new Map<string, number>();
  private readonly deletes = new Map<string, Map<string, number>>();

  add(entry: LedgerEntry): void {
    this.calls += 1;
    increment(inner(this.actions, `${entry.service}:${entry.action}`), entry.outcome);
    increment(this.targets, `${entry.accountId}/${entry.region}`);
    if (entry.effective && entry.subject !== undefined && entry.action.startsWith('Delete'))
      increment(inner(this.deletes, entry.action), entry.subject);
  }

  summary(): LedgerSummary {
    return {
      calls: this.calls,
      actions: nested(this.actions),
      targets: Object.fromEntries(this.targets),
      effectiveDeletes: nested(this.deletes),
    };
  }
}

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function inner(outer: Map<string, Map<string, number>>, key: string): Map<string, number> {
  let counts = outer.get(key);
  if (!counts) {
    counts = new Map();
    outer.set(key, counts);
  }
  return counts;
}

function nested(outer: Map<string, Map<string, number>>): Record<string, Record<string, number>> {
  return Object.fromEntries([...outer].map(([key, counts]) => [key, Object.fromEntries(counts)]));
}
