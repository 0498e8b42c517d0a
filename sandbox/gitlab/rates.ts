const minute = 60_000;

/** What is granted in each minute of sandbox time, by key. GitLab's windows are fixed ones. */
export class MinuteLimit {
  private readonly windows = new Map<string, { minute: number; count: number }>();

  constructor(readonly perMinute: number) {}

  /** Counts one, and says whether it is within the limit and how it stands. */
  take(key: string, now: number): { granted: boolean; observed: number; resetMs: number } {
    const current = Math.floor(now / minute);
    const known = this.windows.get(key);
    const count = (known?.minute === current ? known.count : 0) + 1;
    this.windows.set(key, { minute: current, count });
    const resetMs = (current + 1) * minute - now;
    return { granted: count <= this.perMinute, observed: count, resetMs };
  }
}
