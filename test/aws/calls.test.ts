import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { countCalls, noteCall } from '../../src/aws/calls.js';

test('the calls of a piece of work are counted, whatever it awaits and however many go at once', async () => {
  const { value, awsCalls } = await countCalls(async () => {
    noteCall();
    await setImmediate();
    await Promise.all(
      Array.from({ length: 5 }, async () => {
        await setImmediate();
        noteCall();
      }),
    );
    return 'done';
  });
  expect(value).toBe('done');
  expect(awsCalls).toBe(6);
});

test('two pieces of work at the same time have each their own count', async () => {
  const work = (calls: number) =>
    countCalls(async () => {
      for (let n = 0; n < calls; n++) {
        await setImmediate();
        noteCall();
      }
    });
  const counts = await Promise.all([work(3), work(0), work(7)]);
  expect(counts.map(({ awsCalls }) => awsCalls)).toEqual([3, 0, 7]);
});

test('of work within work, each counts its own', async () => {
  const outer = await countCalls(async () => {
    noteCall();
    const inner = await countCalls(async () => {
      await setImmediate();
      noteCall();
      noteCall();
    });
    noteCall();
    return inner.awsCalls;
  });
  expect(outer).toEqual({ value: 2, awsCalls: 2 });
});

test('a call that nobody counts is none the worse for it', () => {
  expect(() => noteCall()).not.toThrow();
});

test('work that fails, fails with its own error', async () => {
  const error = new Error('no');
  await expect(
    countCalls(async () => {
      await setImmediate();
      throw error;
    }),
  ).rejects.toBe(error);
});
