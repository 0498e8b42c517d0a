import { describe, expect, test } from 'vitest';
import {
  type LogChunk,
  after,
  chunksOf,
  firstChunk,
} from '../../../src/domain/buildkite/chunks.js';

const joined = (chunks: readonly LogChunk[]) => Buffer.concat(chunks.map(({ bytes }) => bytes));
const lengths = (chunks: readonly LogChunk[]) => chunks.map(({ bytes }) => bytes.length);

/** A small generator of random numbers (mulberry32), so that a failure can be made again from its seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const alphabet = ['a', '\n', 'é', '✓', '🌙', '\u001b[31m'];
function randomText(random: () => number, characters: number): string {
  let text = '';
  for (let n = 0; n < characters; n++)
    text += alphabet[Math.floor(random() * alphabet.length)] ?? '';
  return text;
}

const seed = Number(process.env['CHUNKS_SEED'] ?? Math.floor(Math.random() * 1e9));
const told = `CHUNKS_SEED=${seed}`;

describe(`the log in chunks (${told})`, () => {
  test('is numbered from 1, with the bytes before each', () => {
    expect(chunksOf(Buffer.from('abcdefg'), 3)).toEqual([
      { sequence: 1, offset: 0, bytes: Buffer.from('abc'), isFull: true },
      { sequence: 2, offset: 3, bytes: Buffer.from('def'), isFull: true },
      { sequence: 3, offset: 6, bytes: Buffer.from('g'), isFull: false },
    ]);
  });

  test('goes on where it was left', () => {
    const [chunk] = chunksOf(Buffer.from('xyz'), 10, { sequence: 7, offset: 1000 });
    expect(chunk).toMatchObject({ sequence: 7, offset: 1000, isFull: false });
    expect(after(chunk!)).toEqual({ sequence: 8, offset: 1003 });
  });

  test('that is empty has no chunk', () => {
    expect(chunksOf(new Uint8Array(0), 10)).toEqual([]);
  });

  test.each([0, -1, 1.5, NaN])('can’t be cut into chunks of %d bytes', (maxBytes) => {
    expect(() => chunksOf(Buffer.from('a'), maxBytes)).toThrow(RangeError);
  });

  test('loses nothing, doubles nothing, and keeps to the limit', () => {
    const random = randomFrom(seed);
    for (let round = 0; round < 300; round++) {
      const bytes = Buffer.from(randomText(random, Math.floor(random() * 200)));
      const maxBytes = 1 + Math.floor(random() * 40);
      const chunks = chunksOf(bytes, maxBytes);
      expect(joined(chunks).equals(bytes), told).toBe(true);
      let position = firstChunk;
      for (const chunk of chunks) {
        expect(chunk, told).toMatchObject(position);
        expect(chunk.bytes.length, told).toBeGreaterThan(0);
        expect(chunk.bytes.length, told).toBeLessThanOrEqual(maxBytes);
        position = after(chunk);
      }
    }
  });

  test('cuts no character in two, and no chunk shorter than that needs', () => {
    const random = randomFrom(seed + 1);
    for (let round = 0; round < 300; round++) {
      const bytes = Buffer.from(randomText(random, 150));
      const maxBytes = 4 + Math.floor(random() * 40);
      const chunks = chunksOf(bytes, maxBytes);
      for (const [index, { bytes: part }] of chunks.entries()) {
        expect(() => new TextDecoder('utf-8', { fatal: true }).decode(part), told).not.toThrow();
        if (index < chunks.length - 1) expect(part.length, told).toBeGreaterThan(maxBytes - 4);
      }
    }
  });

  test('cut again with more of it there, every full chunk is the same', () => {
    const random = randomFrom(seed + 2);
    for (let round = 0; round < 300; round++) {
      const bytes = Buffer.from(randomText(random, 200));
      const maxBytes = 1 + Math.floor(random() * 40);
      const whole = chunksOf(bytes, maxBytes);
      const part = chunksOf(bytes.subarray(0, Math.floor(random() * bytes.length)), maxBytes);
      const full = part.filter(({ isFull }) => isFull);
      expect(
        full.map((chunk) => ({ ...chunk, isFull: true })),
        told,
      ).toEqual(whole.slice(0, full.length));
      expect(part.length - full.length, told).toBeLessThanOrEqual(1);
    }
  });

  test('begun again at any chunk, the rest is the same', () => {
    const random = randomFrom(seed + 3);
    for (let round = 0; round < 100; round++) {
      const bytes = Buffer.from(randomText(random, 200));
      const maxBytes = 1 + Math.floor(random() * 40);
      const whole = chunksOf(bytes, maxBytes);
      const index = Math.floor(random() * whole.length);
      const from = whole[index]!;
      expect(chunksOf(bytes.subarray(from.offset), maxBytes, from), told).toEqual(
        whole.slice(index),
      );
    }
  });

  test('may be no text at all', () => {
    expect(lengths(chunksOf(Buffer.alloc(10, 0x80), 4))).toEqual([4, 4, 2]);
    expect(lengths(chunksOf(Buffer.alloc(10, 0xf0), 4))).toEqual([3, 3, 3, 1]);
    expect(lengths(chunksOf(Buffer.from('🌙🌙'), 3))).toEqual([3, 1, 3, 1]);
  });
});
