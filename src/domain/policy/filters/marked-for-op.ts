import { microsOfDays } from '../dates/value.js';
import { parseDateText } from '../dates/parse.js';
import { EvaluationFailure } from '../errors.js';
import { strip } from '../python/numbers.js';
import { Instant } from '../python/value.js';
import type { ValueMap } from '../python/value.js';
import { tagValue } from './resource.js';
import type { MarkedForOpFilter } from './syntax.js';

const hour = 3_600_000_000;

/**
 * Whether the mark in a tag, as `… : delete@2024/05/01`, has come due. The time zone of Custodian's
 * `tz` makes no difference to that: the two sides are moments.
 */
export function compileMarkedForOp(
  filter: MarkedForOpFilter,
  now: Date,
): (fields: ValueMap) => boolean {
  const skew = microsOfDays(filter.skewDays) + BigInt(Math.round(filter.skewHours * hour));
  const latest = Instant.ofDate(now).micros + skew;
  return (fields) => {
    const mark = tagValue(fields, filter.tag);
    if (typeof mark !== 'string' || !mark.includes(':') || !mark.includes('@')) return false;
    const last = strip(mark.slice(mark.lastIndexOf(':') + 1));
    const at = last.indexOf('@');
    if (at < 0) {
      // The colon of a time of day is taken for the one before the mark.
      throw new EvaluationFailure(`no mark follows the last colon of ${JSON.stringify(mark)}`);
    }
    if (last.slice(0, at) !== filter.op) return false;
    const due = parseDateText(last.slice(at + 1), now);
    return due !== undefined && due.micros <= latest;
  };
}
