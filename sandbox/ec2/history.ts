/**
 * What something was when. EC2 is eventually consistent: what it shows is what was true a while ago, so the sandbox
 * keeps what it changes.
 */
export class History<T> {
  private readonly entries: { since: number; value: T }[];

  /** @param since ms of sandbox time from which on it was there */
  constructor(since: number, value: T) {
    this.entries = [{ since, value }];
  }

  /** What is true now. */
  get latest(): T {
    const entry = this.entries.at(-1);
    if (!entry) throw new RangeError('a history has a first entry');
    return entry.value;
  }

  /** When it became what it is. */
  get changedAt(): number {
    return this.entries.at(-1)?.since ?? 0;
  }

  change(time: number, value: T): void {
    this.entries.push({ since: time, value });
  }

  /** What it was at a time; undefined before it was there. */
  at(time: number): T | undefined {
    return this.entries.findLast(({ since }) => since <= time)?.value;
  }
}
