import { inCentury } from './calendar.js';
import { Decimal } from './decimal.js';
import { NotADate } from './not-a-date.js';
import { dateTokens } from './tokens.js';
import { halfOf, isFiller, isUtcName, looksLikeZone, monthOf, unitOf, weekdayOf } from './words.js';
import { YearMonthDay } from './year-month-day.js';

/** What a text says about a moment. What it doesn't say is undefined. */
export interface DateParts {
  year?: number | undefined;
  month?: number | undefined;
  day?: number | undefined;
  hour?: number | undefined;
  minute?: number | undefined;
  second?: number | undefined;
  micro?: number | undefined;
  weekday?: number | undefined;
  fullYear: boolean;
  zone?: string | undefined;
  /** Seconds east of UTC. */
  offset?: number | undefined;
  half?: number | undefined;
}

/**
 * Reads a date the way python-dateutil's `parse` does, since that is what Custodian reads dates
 * with. `currentYear` is what a year of two digits is near to. Throws NotADate for a text that it
 * doesn't take.
 */
export function readDateParts(text: string, currentYear: number): DateParts {
  return new DateReader(dateTokens(text), currentYear).read();
}

class DateReader {
  private position = 0;
  private readonly date = new YearMonthDay();
  private readonly parts: DateParts = { fullYear: false };

  constructor(
    private readonly tokens: string[],
    private readonly currentYear: number,
  ) {}

  read(): DateParts {
    while (this.position < this.tokens.length) {
      this.readToken(this.token(0));
      this.position += 1;
    }
    return { ...this.parts, ...this.date.resolve(), fullYear: this.date.fullYear };
  }

  private readToken(token: string): void {
    const [weekday, month, half] = [weekdayOf(token), monthOf(token), halfOf(token)];
    if (/^\d/.test(token)) this.readNumber(token);
    // Python reads these three as numbers, and there is no date with one of them.
    else if (/^(nan|inf|infinity)$/i.test(token)) throw new NotADate();
    else if (weekday !== undefined) this.parts.weekday = weekday;
    else if (month !== undefined) this.readMonth(month);
    else if (half !== undefined) this.readHalf(half);
    else if (this.zoneMayFollow() && looksLikeZone(token)) this.readZone(token);
    else if (this.parts.hour !== undefined && /^[+-]$/.test(token)) this.readOffset(token);
    else if (!isFiller(token)) throw new NotADate();
  }

  private readMonth(month: number): void {
    this.date.addNumber(month, 'month');
    const separator = this.peek(1);
    if (separator === '-' || separator === '/') {
      this.date.addDigits(this.token(2));
      if (this.peek(3) === separator) {
        this.date.addDigits(this.token(4));
        this.position += 2;
      }
      this.position += 2;
    } else if (separator === ' ' && this.peek(3) === ' ' && this.peek(2)?.toLowerCase() === 'of') {
      const year = this.peek(4);
      if (year === undefined) return;
      // "Jan of 01": no day can follow "of".
      if (/^\d+$/.test(year))
        this.date.addNumber(inCentury(Number(year), this.currentYear), 'year');
      this.position += 4;
    }
  }

  private readHalf(half: number): void {
    const { hour } = this.parts;
    if (hour === undefined || hour > 12) throw new NotADate();
    this.parts.hour = hourOf(hour, half);
    this.parts.half = half;
  }

  private zoneMayFollow(): boolean {
    const { hour, zone, offset } = this.parts;
    return hour !== undefined && zone === undefined && offset === undefined;
  }

  private readZone(name: string): void {
    this.parts.zone = name;
    if (name === 'z') this.parts.offset = 0;
    const sign = this.peek(1);
    if (sign !== '+' && sign !== '-') return;
    // "GMT+3" says that the clock shows three hours less than GMT: the sign turns around.
    this.tokens[this.position + 1] = sign === '+' ? '-' : '+';
    this.parts.offset = undefined;
    if (isUtcName(name)) this.parts.zone = undefined;
  }

  private readOffset(sign: string): void {
    const digits = this.token(1);
    let hours: number;
    let minutes = 0;
    if (digits.length === 4) {
      hours = integer(digits.slice(0, 2));
      minutes = integer(digits.slice(2));
    } else if (this.peek(2) === ':') {
      hours = integer(digits);
      minutes = integer(this.token(3));
      this.position += 2;
    } else if (digits.length <= 2) hours = integer(digits);
    else throw new NotADate();
    this.parts.offset = (sign === '+' ? 1 : -1) * (hours * 3600 + minutes * 60);
    this.readZoneInBrackets();
    this.position += 1;
  }

  // -0300 (BRST)
  private readZoneInBrackets(): void {
    const name = this.peek(4);
    if (!isFiller(this.peek(2)) || this.peek(3) !== '(' || this.peek(5) !== ')') return;
    if (name === undefined || name.length < 3 || this.parts.zone !== undefined) return;
    if (!looksLikeZone(name)) return;
    this.parts.zone = name;
    this.position += 4;
  }

  private readNumber(token: string): void {
    const number = new Decimal(token);
    if (this.readCompactTime(token) || this.readCompactDate(token)) return;
    const unitAt = this.unitPosition();
    if (unitAt !== undefined) this.readWithUnit(number, unitAt);
    else if (this.peek(1) === ':' && this.peek(2) !== undefined) this.readClock(number);
    else if (/^[-/.]$/.test(this.peek(1) ?? '')) this.readSeparated(token);
    else if (this.peek(1) === undefined || isFiller(this.peek(1))) this.readAlone(number);
    else this.readTight(number);
  }

  // The 2359 of 19990101T2359.
  private readCompactTime(token: string): boolean {
    const alone =
      this.date.count === 3 &&
      (token.length === 2 || token.length === 4) &&
      this.parts.hour === undefined &&
      this.peek(1) !== ':' &&
      unitOf(this.peek(1)) === undefined;
    if (!alone) return false;
    this.parts.hour = integer(token.slice(0, 2));
    if (token.length === 4) this.parts.minute = integer(token.slice(2));
    return true;
  }

  // YYMMDD, HHMMSS[.ss], YYYYMMDD[hhmm[ss]]
  private readCompactDate(token: string): boolean {
    const cut = (from: number, to?: number) => token.slice(from, to);
    if (token.length === 6 || token.indexOf('.') === 6) {
      if (this.date.count === 0 && !token.includes('.')) {
        for (const digits of [cut(0, 2), cut(2, 4), cut(4)]) this.date.addDigits(digits);
      } else {
        this.parts.hour = integer(cut(0, 2));
        this.parts.minute = integer(cut(2, 4));
        this.setSeconds(new Decimal(cut(4)));
      }
      return true;
    }
    if (![8, 12, 14].includes(token.length)) return false;
    this.date.addDigits(cut(0, 4), 'year');
    this.date.addDigits(cut(4, 6));
    this.date.addDigits(cut(6, 8));
    if (token.length > 8) {
      this.parts.hour = integer(cut(8, 10));
      this.parts.minute = integer(cut(10, 12));
    }
    if (token.length > 12) this.parts.second = integer(cut(12));
    return true;
  }

  // Where the h, m or s stands that a number belongs to, relative to the number.
  private unitPosition(): number | undefined {
    if (unitOf(this.peek(1)) !== undefined) return 1;
    if (this.peek(1) === ' ' && unitOf(this.peek(2)) !== undefined) return 2;
    if (unitOf(this.peek(-1)) !== undefined) return -1;
    const last = this.position > 1 && this.position === this.tokens.length - 1;
    return last && this.peek(-1) === ' ' && unitOf(this.peek(-2)) !== undefined ? -2 : undefined;
  }

  private readWithUnit(number: Decimal, unitAt: number): void {
    const named = unitOf(this.peek(unitAt)) ?? 0;
    // The 04 of 12h04 are minutes: the unit after the one before.
    const unit = unitAt > 0 ? named : named + 1;
    if (unitAt > 0) this.position += unitAt;
    if (unit === 0) {
      this.parts.hour = number.whole;
      const minutes = number.sixtieths;
      if (minutes !== undefined) this.parts.minute = minutes;
    } else if (unit === 1) this.setMinutes(number);
    else if (unit === 2) this.setSeconds(number);
  }

  // HH:MM[:SS[.ss]]
  private readClock(hours: Decimal): void {
    this.parts.hour = hours.whole;
    this.setMinutes(new Decimal(this.token(2)));
    const seconds = this.peek(4);
    if (this.peek(3) === ':' && seconds !== undefined) {
      this.setSeconds(new Decimal(seconds));
      this.position += 2;
    }
    this.position += 2;
  }

  // 01-02[-2024], 01-Jan[-2024]; the separator may be -, / or a dot.
  private readSeparated(token: string): void {
    const separator = this.peek(1);
    this.date.addDigits(token);
    const second = this.peek(2);
    if (second !== undefined && !isFiller(second)) {
      this.addMonthOrDigits(second);
      if (this.peek(3) === separator) {
        this.addMonthOrDigits(this.token(4));
        this.position += 2;
      }
      this.position += 1;
    }
    this.position += 1;
  }

  private addMonthOrDigits(token: string): void {
    const month = monthOf(token);
    if (month === undefined) this.date.addDigits(token);
    else this.date.addNumber(month, 'month');
  }

  private readAlone(number: Decimal): void {
    const half = halfOf(this.peek(2));
    if (half === undefined) this.date.addNumber(number.value);
    else {
      this.parts.hour = hourOf(number.whole, half);
      this.position += 1;
    }
    this.position += 1;
  }

  private readTight(number: Decimal): void {
    const half = halfOf(this.peek(1));
    if (half !== undefined && number.value < 24) {
      this.parts.hour = hourOf(number.whole, half);
      this.position += 1;
    } else if (this.date.couldBeDay(number.value)) this.date.addNumber(number.value);
    else throw new NotADate();
  }

  private setMinutes(minutes: Decimal): void {
    this.parts.minute = minutes.whole;
    this.parts.second = minutes.sixtieths;
  }

  private setSeconds(seconds: Decimal): void {
    this.parts.second = seconds.whole;
    this.parts.micro = seconds.millionths;
  }

  private peek(ahead: number): string | undefined {
    return this.tokens[this.position + ahead];
  }

  private token(ahead: number): string {
    const token = this.peek(ahead);
    if (token === undefined) throw new NotADate();
    return token;
  }
}

function hourOf(hour: number, half: number): number {
  if (half === 1) return hour < 12 ? hour + 12 : hour;
  return hour === 12 ? 0 : hour;
}

function integer(text: string): number {
  if (!/^\d+$/.test(text)) throw new NotADate();
  return Number(text);
}
