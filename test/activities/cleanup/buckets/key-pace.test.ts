import { expect, test } from 'vitest';
import { KeyPace } from '../../../../src/activities/cleanup/buckets/key-pace.js';

function paced(rate: number) {
  let now = 0;
  const pace = new KeyPace(
    rate,
    () => now,
    (ms) => {
      now += ms;
      return Promise.resolve();
    },
  );
  return { pace, now: () => now, wait: (ms: number) => (now += ms) };
}

/** An S3 that grants so many keys a second, and holds what a second brings. */
function limited(limit: number, now: () => number) {
  let tokens = limit;
  let at = 0;
  return (keys: number) => {
    tokens = Math.min(limit, tokens + ((now() - at) / 1000) * limit);
    at = now();
    if (tokens < keys) return false;
    tokens -= keys;
    return true;
  };
}

test('deletes are spread over time by the number of their keys', async () => {
  const { pace, now } = paced(1000);
  for (let call = 0; call < 5; call++) await pace.take(500);
  expect(now()).toBe(2000);
});

test.each([
  { first: 3500, limit: 3500 },
  { first: 3500, limit: 1200 },
  { first: 100_000, limit: 3500 },
  { first: 3500, limit: 9000 },
])(
  'a pace that begins at $first keys a second finds a limit of $limit',
  async ({ first, limit }) => {
    const { pace, now } = paced(first);
    const grants = limited(limit, now);
    const count = async (until: number) => {
      let granted = 0;
      let refused = 0;
      while (now() < until) {
        await pace.take(1000);
        if (grants(1000)) {
          granted += 1000;
          pace.succeeded(1000);
        } else {
          refused++;
          pace.slowedDown();
        }
      }
      return { granted, refused };
    };
    await count(30_000);
    const { granted, refused } = await count(120_000);
    expect(granted / 90).toBeGreaterThan(0.88 * limit);
    expect(refused).toBeLessThan(0.2 * (granted / 1000));
  },
);

test('a burst of complaints lowers the rate once, and random ones never starve it', () => {
  const { pace, wait } = paced(3500);
  pace.slowedDown();
  const once = pace.keysPerSecond;
  for (let complaint = 0; complaint < 20; complaint++) pace.slowedDown();
  expect(pace.keysPerSecond).toBe(once);
  for (let second = 0; second < 300; second++) {
    wait(1100);
    pace.slowedDown();
  }
  expect(pace.keysPerSecond).toBe(350);
});

test('a pause can be aborted', async () => {
  const pace = new KeyPace(1);
  await pace.take(1000);
  const reason = new Error('cancelled');
  await expect(pace.take(1, AbortSignal.abort(reason))).rejects.toThrow();
});
