import { describe, expect, test } from 'vitest';
import { Pacer } from '../../src/aws/pacer.js';

/** A pacer in a time of its own, which passes only while it sleeps. */
function pacerAt(perSecond: number, burst: number, oversleep = (ms: number) => ms) {
  let now = 1_000_000;
  const sleeps: number[] = [];
  const pacer = new Pacer(
    { perSecond, burst },
    () => now,
    (ms) => {
      sleeps.push(ms);
      now += oversleep(ms);
      return Promise.resolve();
    },
  );
  const start = now;
  return {
    pacer,
    sleeps,
    elapsed: () => now - start,
    skip: (ms: number) => void (now += ms),
    take: async (count: number) => {
      for (let n = 0; n < count; n++) await pacer.take();
    },
  };
}

describe('the pace', () => {
  test('a burst goes at once, the call after it waits', async () => {
    const { take, sleeps } = pacerAt(10, 5);
    await take(5);
    expect(sleeps).toEqual([]);
    await take(1);
    expect(sleeps).toEqual([100]);
  });

  test('in the long run it is the rate that is configured', async () => {
    const { take, elapsed } = pacerAt(8, 4);
    await take(4 + 800);
    expect(elapsed()).toBeGreaterThanOrEqual(100_000);
    expect(elapsed()).toBeLessThan(101_000);
  });

  test('timers that fire early or late do not change it', async () => {
    for (const oversleep of [(ms: number) => ms - 1, (ms: number) => ms + 15]) {
      const { take, elapsed } = pacerAt(10, 1, oversleep);
      await take(1 + 500);
      expect(elapsed()).toBeGreaterThan(49_000);
      expect(elapsed()).toBeLessThan(60_000);
    }
  });

  test('a quiet time earns a burst, and no more', async () => {
    const { take, skip, sleeps } = pacerAt(10, 5);
    await take(5);
    skip(3_600_000);
    await take(5);
    expect(sleeps).toEqual([]);
    await take(1);
    expect(sleeps).toEqual([100]);
  });

  test('a rate below one call a second is kept, too', async () => {
    const { take, elapsed } = pacerAt(0.5, 1);
    await take(1 + 10);
    expect(elapsed()).toBe(20_000);
  });

  test('a clock that is set back gives nothing and takes nothing', async () => {
    const { take, skip, sleeps } = pacerAt(10, 2);
    await take(1);
    skip(-60_000);
    await take(1);
    expect(sleeps).toEqual([]);
    await take(1);
    expect(sleeps).toEqual([100]);
  });
});

describe('when AWS throttles', () => {
  test('it slows down, so that calls are further apart', async () => {
    const { pacer, take, sleeps } = pacerAt(10, 1);
    await take(1);
    pacer.throttled();
    expect(pacer.currentRate).toBeLessThan(10);
    await take(1);
    expect(sleeps[0]).toBeGreaterThan(100);
  });

  test('it never falls below a fifth of what is configured', () => {
    const { pacer } = pacerAt(10, 1);
    for (let n = 0; n < 1000; n++) pacer.throttled();
    expect(pacer.currentRate).toBe(2);
  });

  test('it recovers with each call that goes through, up to what is configured', () => {
    const { pacer } = pacerAt(10, 1);
    for (let n = 0; n < 1000; n++) pacer.throttled();
    let before = pacer.currentRate;
    for (let n = 0; n < 15; n++) {
      pacer.succeeded();
      expect(pacer.currentRate).toBeGreaterThan(before);
      before = pacer.currentRate;
    }
    for (let n = 0; n < 1000; n++) pacer.succeeded();
    expect(pacer.currentRate).toBe(10);
  });
});

describe('calls wait in line', () => {
  test('and are let go in the order in which they came', async () => {
    const { pacer } = pacerAt(10, 2);
    const order: number[] = [];
    await Promise.all(
      Array.from({ length: 20 }, (_, n) => pacer.take().then(() => void order.push(n))),
    );
    expect(order).toEqual(Array.from({ length: 20 }, (_, n) => n));
  });

  test('and together keep the rate', async () => {
    const { pacer, elapsed } = pacerAt(10, 5);
    await Promise.all(Array.from({ length: 105 }, () => pacer.take()));
    expect(elapsed()).toBe(10_000);
  });

  test('and one whose wait is broken off does not hold up those behind it', async () => {
    let broken = false;
    let now = 0;
    const pacer = new Pacer(
      { perSecond: 1, burst: 1 },
      () => now,
      (ms) => {
        now += ms;
        if (broken) return Promise.resolve();
        broken = true;
        return Promise.reject(new Error('broken off'));
      },
    );
    const calls = [pacer.take(), pacer.take(), pacer.take()];
    const settled = await Promise.allSettled(calls);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });
});
