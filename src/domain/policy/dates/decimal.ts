import { NotADate } from './not-a-date.js';

/** Digits with at most one dot, kept as text so that no fraction is rounded on the way. */
export class Decimal {
  readonly whole: number;
  private readonly fraction: string;

  constructor(readonly text: string) {
    const match = /^(\d+)(?:\.(\d+))?$/.exec(text);
    if (match === null) throw new NotADate();
    this.whole = Number(match[1]);
    this.fraction = match[2] ?? '';
  }

  get value(): number {
    return Number(this.text);
  }

  /** Sixtieths of the fraction, cut off; undefined when there is no fraction: 10.5 minutes have 30. */
  get sixtieths(): number | undefined {
    if (/^0*$/.test(this.fraction)) return undefined;
    return Number((60n * BigInt(this.fraction)) / 10n ** BigInt(this.fraction.length));
  }

  /** Millionths of the fraction, cut off. */
  get millionths(): number {
    return Number(this.fraction.padEnd(6, '0').slice(0, 6));
  }
}
