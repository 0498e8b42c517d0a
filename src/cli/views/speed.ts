/** Time that a rate is taken over, in milliseconds: deletes come in bursts. */
const span = 60_000;
/** A rate of less time than this says little. */
const least = 5_000;

/** How fast things get done, as seen from looking now and then. */
export class Speed {
  private readonly seen = new Map<string, { at: number; done: number }[]>();

  /** Notes how many are done of something, by its name; `now` in milliseconds. */
  note(name: string, done: number, now: number): void {
    const looks = this.seen.get(name) ?? [];
    looks.push({ at: now, done });
    while (looks[1] && looks[1].at <= now - span) looks.shift();
    this.seen.set(name, looks);
  }

  /** Done in a minute; undefined as long as it can't be told. */
  perMinute(name: string): number | undefined {
    const looks = this.seen.get(name) ?? [];
    const [first, last] = [looks[0], looks.at(-1)];
    if (!first || !last || last.at - first.at < least) return undefined;
    return ((last.done - first.done) * 60_000) / (last.at - first.at);
  }

  /** Milliseconds until so many more are done at this rate; undefined when it can't be told. */
  timeFor(name: string, remaining: number): number | undefined {
    const rate = this.perMinute(name);
    return rate ? (remaining / rate) * 60_000 : undefined;
  }
}
