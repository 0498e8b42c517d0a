import { describe, expect, test } from 'vitest';
import { Random } from '../core/random.js';
import { compareKeys, newestFirst, opaqueId, type Position, sequenceOf } from './keys.js';
import { OrderedList } from './ordered-list.js';

const seed = 20_250_301;

describe('an ordered list', () => {
  test(`keeps the order of a sorted array through random inserts and removes (seed ${seed})`, () => {
    const random = new Random(seed);
    const list = new OrderedList<Position>(newestFirst);
    const expected = new Map<string, Position>();
    for (let step = 0; step < 12_000; step++) {
      const position = { key: `k${random.integer(0, 400)}`, seq: random.integer(0, 40) };
      const name = `${position.key} ${position.seq}`;
      if (random.chance(0.35)) {
        expect(list.remove(position) !== undefined).toBe(expected.delete(name));
      } else if (!expected.has(name)) {
        list.insert(position);
        expected.set(name, position);
      }
    }
    const sorted = [...expected.values()].sort(newestFirst);
    expect([...list.after()]).toEqual(sorted);
    expect(list.size).toBe(sorted.length);
    const from = { key: 'k2', seq: 17 };
    expect([...list.after(from)]).toEqual(sorted.filter((p) => newestFirst(p, from) > 0));
  });

  test('makes seeded entries only where it is looked at', () => {
    let made = 0;
    const list = new OrderedList<Position>(newestFirst);
    list.seed(50_000, (from, to) => {
      made += to - from;
      return Array.from({ length: to - from }, (_, i) => ({
        key: String(from + i).padStart(9, '0'),
        seq: 1,
      }));
    });
    made = 0;
    expect(list.find({ key: '000031234', seq: 1 })).toBeDefined();
    expect(list.after({ key: '000042000', seq: 1 }).next().value).toEqual({
      key: '000042001',
      seq: 1,
    });
    expect(made).toBeLessThanOrEqual(3000);
    expect(list.size).toBe(50_000);
  });

  test('goes on after a place whose entry has gone', () => {
    const list = new OrderedList<Position>(newestFirst);
    for (let index = 0; index < 2500; index++) list.insert({ key: 'a', seq: index });
    const marker = { key: 'a', seq: 1500 };
    list.remove(marker);
    expect(list.after(marker).next().value).toEqual({ key: 'a', seq: 1499 });
  });
});

describe('the order of keys', () => {
  test('is that of their UTF-8 bytes', () => {
    const keys = [
      '',
      'a',
      'ab',
      'a/b',
      'Z',
      'é',
      '\u{ffff}',
      '\u{e000}',
      '\u{1f600}',
      '\u{10ffff}x',
      '~',
    ];
    const byBytes = [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect([...keys].sort(compareKeys)).toEqual(byBytes);
  });
});

describe('an id', () => {
  test('gives its sequence number back, and foreign text none', () => {
    expect(opaqueId(123_456)).toHaveLength(32);
    expect(sequenceOf(opaqueId(123_456))).toBe(123_456);
    expect(sequenceOf('null')).toBeUndefined();
    expect(sequenceOf(opaqueId(7).replace('0', '!'))).toBeUndefined();
  });
});
