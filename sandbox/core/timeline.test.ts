import { expect, test } from 'vitest';
import { Random } from './random.js';
import { Timeline } from './timeline.js';

test('things happen in order of time, and of entry where times are equal', () => {
  const timeline = new Timeline();
  const happened: string[] = [];
  const random = new Random(42);
  const times = Array.from({ length: 500 }, () => random.integer(0, 100));
  times.forEach((time, index) => timeline.at(time, () => happened.push(`${time}/${index}`)));
  timeline.advance(100);
  const expected = times
    .map((time, index) => ({ time, index }))
    .sort((a, b) => a.time - b.time || a.index - b.index)
    .map(({ time, index }) => `${time}/${index}`);
  expect(happened).toEqual(expected);
});

test('nothing happens before its time, and each thing is given its own', () => {
  const timeline = new Timeline();
  const happened: number[] = [];
  timeline.at(10, (time) => happened.push(time));
  timeline.advance(9);
  expect(happened).toEqual([]);
  timeline.advance(50);
  expect(happened).toEqual([10]);
});

test('what an event schedules in the past of now happens in the same advance', () => {
  const timeline = new Timeline();
  const happened: string[] = [];
  timeline.at(1, (time) => timeline.at(time + 2, () => happened.push('later')));
  timeline.at(2, () => happened.push('between'));
  timeline.advance(5);
  expect(happened).toEqual(['between', 'later']);
});
