import { describe, expect, it } from 'vitest';
import { formatDuration, shorten } from '../../src/report/format.js';
import { areaPath, buckets, inFlight } from '../../src/report/html/in-flight.js';
import { timeScale } from '../../src/report/html/time-scale.js';

const day = 24 * 3600 * 1000;

describe('the time scale', () => {
  it.each([1, 340, 20_000, 739_000, 3 * 3600_000, 5 * day, 400 * day])(
    'has between two and nine ticks, all within %d ms',
    (length) => {
      const { step, ticks } = timeScale(length);
      expect(ticks.length).toBeLessThanOrEqual(9);
      expect(ticks.at(-1)?.offset).toBeLessThanOrEqual(length);
      if (length >= 200) expect(ticks.length).toBeGreaterThanOrEqual(2);
      expect(step).toBeGreaterThan(0);
    },
  );

  it('counts in steps that people know', () => {
    expect(timeScale(739_000).ticks.map(({ label }) => label)).toEqual([
      '0',
      '2m',
      '4m',
      '6m',
      '8m',
      '10m',
      '12m',
    ]);
  });

  it('is one tick for a run that took no time', () => {
    expect(timeScale(0).ticks).toEqual([{ offset: 0, label: '0' }]);
  });
});

describe('what is in flight', () => {
  const run = { start: 0, end: 1200 };

  it('adds up to the time that the deletes took', () => {
    const spans = [
      { start: 0, end: 600 },
      { start: 300, end: 1200 },
    ];
    const counts = inFlight(spans, run);
    const sum = counts.reduce((a, b) => a + b, 0) * (1200 / buckets);
    expect(sum).toBeCloseTo(1500, 0);
    expect(counts[45]).toBeCloseTo(2);
    expect(counts[119]).toBeCloseTo(1);
  });

  it('shows what was over in an instant, and a run that took no time', () => {
    expect(inFlight([{ start: 600, end: 600 }], run)[60]).toBeGreaterThan(0);
    expect(inFlight([{ start: 5, end: 5 }], { start: 5, end: 5 })[0]).toBe(1);
  });

  it('is drawn as one closed path', () => {
    const counts = inFlight([{ start: 0, end: 600 }], run);
    expect(areaPath(counts, 1, 20)).toMatch(/^M0 20H0V0H60V\d.*V20z$/);
    expect(areaPath(counts, 0, 20)).toBe('');
  });
});

describe('words and figures', () => {
  it.each([
    [0, '0ms'],
    [340, '340ms'],
    [42_000, '42s'],
    [723_000, '12m 3s'],
    [7_500_000, '2h 5m'],
    [-5, '0ms'],
  ])('%d ms is %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it('shortens a name in its middle', () => {
    expect(shorten('ephemeral-artifacts-9c3ee8', 11)).toBe('ephem…c3ee8');
    expect(shorten('short', 11)).toBe('short');
  });
});
