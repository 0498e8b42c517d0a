import { expect, test } from 'vitest';
import { PrefixQuota } from './prefix-quota.js';

const one = (prefix: string, count: number) => new Map([[prefix, count]]);

test('a prefix has a second of deletes at once, and then as many as time brings', () => {
  const quota = new PrefixQuota(3500);
  expect(quota.take(one('a/', 3500), 0)).toBe(true);
  expect(quota.take(one('a/', 1000), 100)).toBe(false);
  expect(quota.take(one('a/', 1000), 286)).toBe(true);
  expect(quota.take(one('a/', 3500), 60_000)).toBe(true);
  expect(quota.take(one('a/', 1), 60_000)).toBe(false);
});

test('each prefix has a quota of its own, and a call is refused whole when one of its prefixes has none', () => {
  const quota = new PrefixQuota(1000);
  expect(quota.take(one('a/', 1000), 0)).toBe(true);
  expect(quota.take(new Map([...one('a/', 1), ...one('b/', 999)]), 0)).toBe(false);
  expect(quota.take(one('b/', 1000), 0)).toBe(true);
});

test('a quota below the size of a batch slows batches, and stops none for ever', () => {
  const quota = new PrefixQuota(100);
  expect(quota.take(one('a/', 1000), 0)).toBe(true);
  expect(quota.take(one('a/', 1000), 9000)).toBe(false);
  expect(quota.take(one('a/', 1000), 10_000)).toBe(true);
});
