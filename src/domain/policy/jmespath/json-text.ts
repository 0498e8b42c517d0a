import { EmptyTuple, Instant, isMap } from '../python/value.js';
import type { Value } from '../python/value.js';

/** Compact JSON as Python writes it: everything beyond ASCII escaped, dates as text. */
export function jsonText(value: Value): string {
  if (value instanceof Instant) return quoted(dateText(value));
  if (value instanceof EmptyTuple) return '[]';
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (isMap(value)) {
    const entries = Object.entries(value).map(([key, item]) => `${quoted(key)}:${jsonText(item)}`);
    return `{${entries.join(',')}}`;
  }
  return typeof value === 'string' ? quoted(value) : String(value);
}

function quoted(text: string): string {
  const escape = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(text).replace(/[\x7f-\uffff]/g, escape);
}

// Python's str() of a datetime: 2024-05-01 10:00:00.250000+00:00
function dateText({ micros }: Instant): string {
  const fraction = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const seconds = new Date(Number((micros - fraction) / 1000n)).toISOString();
  const [date, time] = [seconds.slice(0, 10), seconds.slice(11, 19)];
  const digits = fraction === 0n ? '' : `.${String(fraction).padStart(6, '0')}`;
  return `${date} ${time}${digits}+00:00`;
}
