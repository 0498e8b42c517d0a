import { Instant } from '../python/value.js';
import { civilMicros, daysInMonth, inCentury } from './calendar.js';
import { NotADate } from './not-a-date.js';
import { readDateParts } from './reader.js';
import type { DateParts } from './reader.js';
import { isUtcName } from './words.js';

const second = 1_000_000n;
const day = 86_400n * second;
// Python's calendar has the years 1 to 9999.
const calendarStart = -62_135_596_800n * second;
const calendarEnd = 253_402_300_800n * second;

/**
 * The moment that a text names; undefined when it names none. What the text leaves out is today's,
 * at midnight. A time without a zone is UTC, as it is for a Custodian whose machine runs on UTC.
 */
export function parseDateText(text: string, now: Date): Instant | undefined {
  try {
    const parts = readDateParts(text, now.getUTCFullYear());
    if (saysNothing(parts)) return undefined;
    const micros = civil(parts, now) - offsetOf(parts);
    return micros < calendarStart || micros >= calendarEnd ? undefined : new Instant(micros);
  } catch (error) {
    if (error instanceof NotADate) return undefined;
    throw error;
  }
}

function saysNothing({ fullYear: _, ...said }: DateParts): boolean {
  return Object.values(said).every((value) => value === undefined);
}

function civil(parts: DateParts, now: Date): bigint {
  const year =
    parts.year === undefined || parts.fullYear
      ? parts.year
      : inCentury(parts.year, now.getUTCFullYear());
  const [ofYear, ofMonth] = [year ?? now.getUTCFullYear(), parts.month ?? now.getUTCMonth() + 1];
  const micros = civilMicros({
    year: ofYear,
    month: ofMonth,
    // The 31st of a month that has none is its last day, unless the text itself says 31.
    day: parts.day ?? Math.min(now.getUTCDate(), daysInMonth(ofYear, ofMonth)),
    hour: parts.hour ?? 0,
    minute: parts.minute ?? 0,
    second: parts.second ?? 0,
    micro: parts.micro ?? 0,
  });
  if (parts.weekday === undefined || parts.day) return micros;
  const weekday = (new Date(Number(micros / 1000n)).getUTCDay() + 6) % 7;
  return micros + BigInt((7 - weekday + parts.weekday) % 7) * day;
}

function offsetOf({ zone, offset }: DateParts): bigint {
  // A zone's name says nothing but UTC: python-dateutil knows no other.
  if (offset === undefined || (zone !== undefined && isUtcName(zone))) return 0n;
  if (Math.abs(offset) >= 86_400) throw new NotADate();
  return BigInt(offset) * second;
}
