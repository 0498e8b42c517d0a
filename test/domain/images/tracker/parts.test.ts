import { expect, test } from 'vitest';
import {
  byteLength,
  cut,
  partName,
  partsHead,
  readPartsHead,
} from '../../../../src/domain/images/tracker/parts.js';

const head = {
  line: 'runner',
  channel: 'dev',
  generation: 17,
  sha256: 'ab'.repeat(32),
  parts: ['/images/runner.17.1', '/images/runner.17.2'],
};

test('a head is read as it was written', () => {
  expect(readPartsHead(partsHead(head))).toEqual(head);
  expect(partName('/images/runner', 17, 1)).toBe(head.parts[0]);
});

test('what is no head is none', () => {
  for (const text of [
    '',
    '16.9.0\n',
    '{}',
    'nightshift-images-parts/1',
    '{"format":"nightshift-images-parts/1"}',
  ])
    expect(readPartsHead(text), text).toBeUndefined();
});

test('a text is cut into pieces that make it up again, each small enough and whole letters', () => {
  const text = `${'aé✓😀'.repeat(500)}end`;
  for (const most of [4, 5, 7, 64, 4_096, 100_000]) {
    const pieces = cut(text, most);
    expect(pieces.join('')).toBe(text);
    for (const piece of pieces) {
      expect(Buffer.byteLength(piece)).toBeLessThanOrEqual(most);
      expect(Buffer.from(piece).toString('utf8')).toBe(piece);
    }
  }
  expect(cut('', 10)).toEqual([]);
  expect(cut('abcdef', 3)).toEqual(['abc', 'def']);
});

test('bytes are those of UTF-8', () => {
  for (const text of ['', 'abc', 'é', '✓', '😀', 'aé✓😀'])
    expect(byteLength(text)).toBe(Buffer.byteLength(text));
});
