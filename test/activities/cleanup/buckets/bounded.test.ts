import { expect, test } from 'vitest';
import { forEachBounded, oneAhead } from '../../../../src/activities/cleanup/buckets/bounded.js';

async function* counting(to: number, onRead: (n: number) => void = () => undefined) {
  for (let n = 0; n < to; n++) {
    onRead(n);
    await Promise.resolve();
    yield n;
  }
}

test('no more is under way than allowed, and the source is read no further ahead', async () => {
  let underWay = 0;
  let most = 0;
  let read = 0;
  let begun = 0;
  let furthest = 0;
  await forEachBounded(
    oneAhead(counting(50, () => (furthest = Math.max(furthest, ++read - begun)))),
    3,
    async () => {
      begun++;
      most = Math.max(most, ++underWay);
      await new Promise((resolve) => setTimeout(resolve, 1));
      underWay--;
    },
  );
  expect(begun).toBe(50);
  expect(most).toBe(3);
  expect(furthest).toBeLessThanOrEqual(2);
});

test('the first error ends the reading, and is thrown when all that was begun is over', async () => {
  const done: number[] = [];
  let read = 0;
  const work = forEachBounded(
    counting(1000, () => read++),
    4,
    async (n) => {
      await new Promise((resolve) => setTimeout(resolve, n === 2 ? 1 : 20));
      if (n === 2) throw new Error('two');
      done.push(n);
    },
  );
  await expect(work).rejects.toThrow('two');
  expect(done).toContain(0);
  expect(done).toContain(1);
  expect(read).toBeLessThan(10);
});

test('an error of the source is thrown to who reads it, and to nobody else', async () => {
  async function* breaking() {
    yield 1;
    await Promise.resolve();
    throw new Error('no page');
  }
  const seen: number[] = [];
  const reading = async () => {
    for await (const n of oneAhead(breaking())) {
      seen.push(n);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  await expect(reading()).rejects.toThrow('no page');
  expect(seen).toEqual([1]);
});
