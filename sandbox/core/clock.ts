/** Sandbox time: it starts at the real time and runs `speed` times as fast. */
export class Clock {
  private readonly origin = Date.now();
  private skipped = 0;

  constructor(readonly speed: number = 1) {
    if (!(speed > 0)) throw new RangeError(`speed must be above 0, was ${speed}`);
  }

  /** Milliseconds since the epoch, in sandbox time. */
  now(): number {
    return this.origin + (Date.now() - this.origin) * this.speed + this.skipped;
  }

  /** Moves sandbox time forward at once, so that a test needn't wait. */
  skip(seconds: number): void {
    if (!(seconds >= 0)) throw new RangeError(`seconds must be 0 or more, was ${seconds}`);
    this.skipped += seconds * 1000;
  }

  /** ISO 8601 of `now()`. */
  iso(): string {
    return new Date(this.now()).toISOString();
  }

  /** Real milliseconds that `sandboxMilliseconds` of sandbox time take. */
  realMilliseconds(sandboxMilliseconds: number): number {
    return sandboxMilliseconds / this.speed;
  }
}
