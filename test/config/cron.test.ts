import { describe, expect, test } from 'vitest';
import { cronProblem } from '../../src/domain/config/cron.js';
import { timeZoneProblem } from '../../src/domain/config/time-zone.js';

describe('cron text', () => {
  test.each([
    '0 23 * * *',
    '*/15 0,12 1-7 * *',
    '0 0 * * 7',
    '0 0 * * MON-FRI',
    '0 0 * jan,december/2 sunday',
    '5/10 * * * *',
    '0 12 * * tu',
    '0 0 1 1 * 2030',
    '30 0 0 1 1 * 2030-2040/5',
    '@daily',
    '@annually',
    '@every 90m',
    '@every 1d/6h',
    '0 23 * * * # after the nightly build',
    '  0  23 * * *  ',
  ])('%j is what Temporal takes', (expression) => {
    expect(cronProblem(expression)).toBeUndefined();
  });

  test.each([
    ['', 'five fields'],
    ['0 23 * *', 'five fields'],
    ['1 2 3 4 5 6 7 8', 'five fields'],
    ['60 23 * * *', 'minute *, 0-59'],
    ['0 24 * * *', '"24" is none'],
    ['0 0 0 * *', 'day of month *, 1-31'],
    ['0 0 * 13 *', 'month *, 1-12'],
    ['0 0 * * 8', 'day of week *, 0-7'],
    ['0 0 * * FRI-MON', 'day of week'],
    ['5-1 * * * *', 'minute'],
    ['1-2-3 * * * *', 'minute'],
    ['*/0 * * * *', 'minute'],
    ['*/5/2 * * * *', 'minute'],
    ['5/ * * * *', 'minute'],
    ['0 0 L * *', 'day of month'],
    ['0 0 ? * MON', 'day of month'],
    ['0 0 * * 5#2', '5#2 is not known'],
    ['0 0 1 1 * 1999', 'year *, 2000-2100'],
    ['CRON_TZ=UTC 0 0 * * *', 'timeZone'],
    ['@fortnightly', '@weekly'],
    ['@every', '@every 90m'],
    ['@every soon', '@every 90m'],
    ['@every 500ms', 'at least 1s'],
    ['@every 1h/1h', 'phase'],
  ])('%j is refused, with what is allowed', (expression, message) => {
    expect(cronProblem(expression)).toContain(message);
  });
});

describe('a time zone', () => {
  test.each(['UTC', 'Australia/Melbourne', 'US/Pacific', 'America/Argentina/Buenos_Aires'])(
    '%s is known',
    (name) => {
      expect(timeZoneProblem(name)).toBeUndefined();
    },
  );

  test.each([
    ['Australia/Melborne', 'did you mean Australia/Melbourne?'],
    ['australia/melbourne', 'did you mean Australia/Melbourne?'],
    ['+10:00', 'must be an IANA time zone'],
    ['Melbourne time', 'must be an IANA time zone'],
  ])('%s is refused', (name, message) => {
    expect(timeZoneProblem(name)).toContain(message);
  });
});
