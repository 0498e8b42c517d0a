import { EvaluationFailure } from '../errors.js';
import { parseFloatingPoint } from '../python/numbers.js';
import { Instant } from '../python/value.js';
import type { Value } from '../python/value.js';
import { parseDateText } from './parse.js';

// Numbers below are no dates for Custodian: 2006-03-19, the day S3 began, in seconds.
const epochFloor = 1_142_726_400;
// The year 10000, which is beyond Python's calendar.
const calendarEnd = 253_402_300_800;
// From here on Linux has no year for it, an error that Custodian doesn't expect.
const clockEnd = 67_768_036_191_676_800;

/** The moment that a value stands for as Custodian sees it: text, or seconds or milliseconds since 1970. */
export function toInstant(value: Value, now: Date): Instant | undefined {
  if (value instanceof Instant) return value;
  if (typeof value === 'string' && !/^\p{Nd}+$/u.test(value)) {
    const instant = parseDateText(value, now);
    if (instant) return instant;
  }
  const number = typeof value === 'string' ? parseFloatingPoint(value) : value;
  return typeof number === 'number' ? ofEpoch(number) : undefined;
}

function ofEpoch(number: number): Instant | undefined {
  if (!(number > epochFloor)) return undefined;
  if (number >= clockEnd) throw new EvaluationFailure(`${number} is beyond every calendar`);
  const seconds = [number, number / 1000].find((candidate) => candidate < calendarEnd);
  if (seconds === undefined) return undefined;
  const whole = Math.floor(seconds);
  const micros = roundHalfEven((seconds - whole) * 1e6);
  return new Instant(BigInt(whole) * 1_000_000n + BigInt(micros));
}

/** Microseconds of a number of days. */
export function microsOfDays(days: number): bigint {
  const whole = Math.trunc(days);
  return BigInt(whole) * 86_400_000_000n + BigInt(roundHalfEven((days - whole) * 86_400_000_000));
}

// Python rounds halves to the even neighbour.
function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
