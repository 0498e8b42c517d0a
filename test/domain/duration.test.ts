import { describe, expect, test } from 'vitest';
import { durationOfAtLeast, durationSchema } from '../../src/domain/duration-schema.js';
import { formatDuration, parseDuration } from '../../src/domain/duration.js';

describe('a duration', () => {
  test.each([
    ['250ms', 250],
    ['5s', 5_000],
    ['90m', 5_400_000],
    ['4h', 14_400_000],
    ['1d', 86_400_000],
    ['1h30m', 5_400_000],
    ['1d2h3m4s5ms', 93_784_005],
    ['2m250ms', 120_250],
    ['0s', 0],
  ])('%s is %i ms', (text, milliseconds) => {
    expect(durationSchema.parse(text)).toBe(text);
    expect(parseDuration(text)).toBe(milliseconds);
  });

  test.each(['', '5', '1.5h', '-5s', '5 s', '30m1h', '5sec', 's', '5S', '1h30', 5, null])(
    '%j is refused with what is allowed',
    (text) => {
      const result = durationSchema.safeParse(text);
      expect(result.error?.issues[0]?.message).toBe(
        'must be a duration such as 250ms, 5s, 90m, 4h, 1d or 1h30m',
      );
    },
  );

  test('that was never checked throws rather than counting as zero', () => {
    expect(() => parseDuration('soon')).toThrow(RangeError);
  });

  test('can have a least length', () => {
    expect(durationOfAtLeast('10s').safeParse('10s').success).toBe(true);
    expect(durationOfAtLeast('10s').safeParse('9s').error?.issues[0]?.message).toContain(
      'at least 10s',
    );
  });
});

describe('formatDuration', () => {
  test.each([
    [0, '0s'],
    [999, '999ms'],
    [1_000, '1s'],
    [90_000, '1m30s'],
    [86_400_000, '1d'],
    [5_400_000, '1h30m'],
    [0.4, '0s'],
  ])('writes %d ms as %s', (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });

  test.each([1, 59_999, 3_600_001, 93_784_005, 1_000 * 86_400_000])(
    'writes %d ms so that it reads back the same',
    (milliseconds) => {
      expect(parseDuration(formatDuration(milliseconds))).toBe(milliseconds);
    },
  );

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('refuses %d', (milliseconds) => {
    expect(() => formatDuration(milliseconds)).toThrow(RangeError);
  });
});
