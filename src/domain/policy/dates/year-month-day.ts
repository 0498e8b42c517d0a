import { daysInMonth } from './calendar.js';
import { NotADate } from './not-a-date.js';

type Part = 'year' | 'month' | 'day';
type Parts = Partial<Record<Part, number>>;

/**
 * The numbers of a date in the order in which they stood, until it is plain which is which. Where it
 * isn't plain, the order of the United States holds, as for python-dateutil: 01/02/2024 is in January.
 */
export class YearMonthDay {
  private readonly numbers: number[] = [];
  private readonly known = new Map<Part, number>();
  /** The year was written in full, so 24 is not short for 2024. */
  fullYear = false;

  get count(): number {
    return this.numbers.length;
  }

  /** Adds digits as they stood. More than two digits can only be a year. */
  addDigits(digits: string, part?: Part): void {
    if (!/^\d+$/.test(digits)) throw new NotADate();
    this.add(Number(digits), digits.length > 2, part);
  }

  addNumber(value: number, part?: Part): void {
    this.add(Math.trunc(value), value > 100, part);
  }

  private add(value: number, mustBeYear: boolean, part: Part | undefined): void {
    if (mustBeYear) {
      this.fullYear = true;
      if (part !== undefined && part !== 'year') throw new NotADate();
    }
    const label = mustBeYear ? 'year' : part;
    this.numbers.push(value);
    if (label === undefined) return;
    if (this.known.has(label)) throw new NotADate();
    this.known.set(label, this.numbers.length - 1);
  }

  couldBeDay(value: number): boolean {
    if (this.known.has('day')) return false;
    const month = this.numberOf('month');
    if (month === undefined) return value >= 1 && value <= 31;
    return value >= 1 && value <= daysInMonth(this.numberOf('year') ?? 2000, month);
  }

  resolve(): Parts {
    const { count, known } = this;
    if ((known.size > 0 && known.size === count) || (count === 3 && known.size === 2)) {
      return this.fromKnown();
    }
    const month = known.get('month');
    if (count > 3) throw new NotADate();
    if (count === 1 || (count === 2 && month !== undefined)) return this.fromOneNumber(month);
    if (count === 2) return this.fromTwoNumbers();
    return count === 3 ? this.fromThreeNumbers(month) : {};
  }

  private fromKnown(): Parts {
    const order: (Part | undefined)[] = this.numbers.map(() => undefined);
    for (const [part, index] of this.known) order[index] = part;
    const left = (['year', 'month', 'day'] as const).find((part) => !this.known.has(part));
    return this.inOrder(order.map((part) => part ?? left));
  }

  private fromOneNumber(month: number | undefined): Parts {
    const parts: Parts = {};
    if (month !== undefined) parts.month = this.at(month);
    if (this.count === 1 && month !== undefined) return parts;
    const other = this.at(month === 0 ? 1 : 0);
    parts[other > 31 ? 'year' : 'day'] = other;
    return parts;
  }

  private fromTwoNumbers(): Parts {
    if (this.at(0) > 31) return this.inOrder(['year', 'month']);
    return this.inOrder(this.at(1) > 31 ? ['month', 'year'] : ['month', 'day']);
  }

  private fromThreeNumbers(month: number | undefined): Parts {
    const [first, second] = [this.at(0), this.at(1)];
    if (month === 0) {
      return this.inOrder(second > 31 ? ['month', 'year', 'day'] : ['month', 'day', 'year']);
    }
    if (month === 1) {
      return this.inOrder(first > 31 ? ['year', 'month', 'day'] : ['day', 'month', 'year']);
    }
    if (month === 2) {
      return this.inOrder(second > 31 ? ['day', 'year', 'month'] : ['year', 'day', 'month']);
    }
    if (first > 31 || this.known.get('year') === 0) return this.inOrder(['year', 'month', 'day']);
    return this.inOrder(first > 12 ? ['day', 'month', 'year'] : ['month', 'day', 'year']);
  }

  private inOrder(order: readonly (Part | undefined)[]): Parts {
    const parts: Parts = {};
    order.forEach((part, index) => {
      if (part !== undefined) parts[part] = this.at(index);
    });
    return parts;
  }

  private numberOf(part: Part): number | undefined {
    const index = this.known.get(part);
    return index === undefined ? undefined : this.at(index);
  }

  private at(index: number): number {
    const value = this.numbers[index];
    if (value === undefined) throw new NotADate();
    return value;
  }
}
