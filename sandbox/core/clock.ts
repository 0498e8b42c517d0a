/** Sandbox time: it starts at the real time and runs `speed` times as fast. */
export class Clock {
  private readonly origin = Date.now();

  constructor(readonly speed: number = 1) {
    if (!(speed > 0)) throw new RangeError(`speed must be above 0, was ${speed}`);
  }

  /** Milliseconds since the epoch, in sandbox time. */
  now(): number {
    return this.origin + (Date.now() - this.origin) * this.speed;
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
