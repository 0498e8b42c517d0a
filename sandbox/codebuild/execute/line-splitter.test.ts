import { expect, test } from 'vitest';
import { Random } from '../../core/random.js';
import { LineSplitter } from './line-splitter.js';

const mark = '[mark]';

function split(chunks: readonly Buffer[], maxBytes = 1000) {
  const seen: (string | number)[] = [];
  const splitter = new LineSplitter(
    maxBytes,
    mark,
    (messages) => seen.push(...messages),
    (status) => seen.push(status),
  );
  for (const chunk of chunks) splitter.push(chunk);
  splitter.flush();
  return seen;
}

const one = (text: string) => [Buffer.from(text)];

test('a message is a line with its line break, and the last one what is left', () => {
  expect(split(one('a\n\nb\nc'))).toEqual(['a\n', '\n', 'b\n', 'c']);
});

test('the mark is taken out, and its status comes after all that was written before', () => {
  expect(split(one(`a\nb${mark}3\nc\n${mark}0\n`))).toEqual(['a\n', 'b', 3, 'c\n', 0]);
});

test('a line that is too long comes in parts, and no letter is cut', () => {
  const seen = split(one(`${'é'.repeat(10)}\n`), 5);
  expect(seen).toEqual(['éé', 'éé', 'éé', 'éé', 'éé\n']);
});

test('where chunks end makes no difference to the text, a status or their order', () => {
  const seed = Date.now() % 1_000_000;
  const random = new Random(seed);
  const text = `first ✓\n${'✓'.repeat(200)}${mark}12\nlast\nopen${mark}0\nrest`;
  const whole = Buffer.from(text);
  const joined = (seen: (string | number)[]) =>
    seen.map((part) => (typeof part === 'number' ? `<${part}>` : part)).join('');
  for (let round = 0; round < 200; round++) {
    const chunks: Buffer[] = [];
    for (let start = 0; start < whole.length;) {
      const end = start + random.integer(1, 60);
      chunks.push(whole.subarray(start, end));
      start = end;
    }
    const seen = split(chunks, 100);
    expect(joined(seen), `seed ${seed}, round ${round}`).toBe(
      text.replace(`${mark}12\n`, '<12>').replace(`${mark}0\n`, '<0>'),
    );
    for (const part of seen)
      if (typeof part === 'string') expect(Buffer.byteLength(part)).toBeLessThanOrEqual(100);
  }
});
