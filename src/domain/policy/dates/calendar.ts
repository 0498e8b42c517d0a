import { NotADate } from './not-a-date.js';

export function daysInMonth(year: number, month: number): number {
  if (month < 1 || month > 12) throw new NotADate();
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** The year that two digits are short for: the one within fifty years of now. */
export function inCentury(year: number, currentYear: number): number {
  if (year >= 100) return year;
  const near = year + Math.floor(currentYear / 100) * 100;
  if (near >= currentYear + 50) return near - 100;
  return near < currentYear - 50 ? near + 100 : near;
}

/** A date and time of day without a zone. */
export interface CivilTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  micro: number;
}

/** Microseconds since 1970 of a civil time in UTC. Throws NotADate when there is no such time. */
export function civilMicros(time: CivilTime): bigint {
  const inRange =
    within(time.year, 1, 9999) &&
    within(time.month, 1, 12) &&
    within(time.day, 1, daysInMonth(time.year, time.month)) &&
    within(time.hour, 0, 23) &&
    within(time.minute, 0, 59) &&
    within(time.second, 0, 59) &&
    within(time.micro, 0, 999_999);
  if (!inRange) throw new NotADate();
  // Date.UTC takes a year below 100 for one of the last century; setUTCFullYear doesn't.
  const date = new Date(0);
  date.setUTCFullYear(time.year, time.month - 1, time.day);
  date.setUTCHours(time.hour, time.minute, time.second);
  return BigInt(date.getTime()) * 1000n + BigInt(time.micro);
}

function within(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
