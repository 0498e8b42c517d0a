import { randomInt } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { LineJoiner } from '../../../src/cli/build/lines.js';
import { events, own, start } from './log-text.js';

function textOf(messages: readonly string[]): string {
  const joiner = new LineJoiner();
  const parts = events(...messages).flatMap((event) => joiner.push(event));
  return [...parts, ...joiner.flush()].map(({ text }) => text).join('');
}

describe('the lines of a log', () => {
  it('are joined from events that end without a line break, each part at once', () => {
    const joiner = new LineJoiner();
    const parts = events('..', '.', ' done\nnext', '\n').map((event) => joiner.push(event));
    expect(parts).toEqual([
      [{ timestamp: start, text: '..', opens: true, closes: false }],
      [{ timestamp: start + 1_000, text: '.', opens: false, closes: false }],
      [
        { timestamp: start + 2_000, text: ' done\n', opens: false, closes: true },
        { timestamp: start + 2_000, text: 'next', opens: true, closes: false },
      ],
      [{ timestamp: start + 3_000, text: '\n', opens: false, closes: true }],
    ]);
  });

  it('are not ended by a carriage return alone, as progress bars write it', () => {
    const joiner = new LineJoiner();
    const parts = events('10%\r', '20%\r100%\r\n').flatMap((event) => joiner.push(event));
    expect(parts.map(({ text, closes }) => [text, closes])).toEqual([
      ['10%\r', false],
      ['20%\r100%\r\n', true],
    ]);
  });

  it('that may yet become CodeBuild’s own are held back until that is known', () => {
    const joiner = new LineJoiner();
    const [first, second, third] = events('[Cont', 'ainer] a b Entering phase', ' BUILD\n');
    expect(joiner.push(first!)).toEqual([]);
    expect(joiner.isEmpty).toBe(false);
    expect(joiner.push(second!)).toEqual([]);
    expect(joiner.push(third!)).toEqual([
      {
        timestamp: start,
        text: '[Container] a b Entering phase BUILD\n',
        opens: true,
        closes: true,
      },
    ]);
    expect(joiner.isEmpty).toBe(true);
  });

  it('are not held back without end, nor lost at the end', () => {
    const joiner = new LineJoiner();
    const [long, end] = events(`[Container] ${'x'.repeat(2_000)}`, '[Container] and then');
    expect(joiner.push(long!)).toHaveLength(1);
    const other = new LineJoiner();
    expect(other.push(end!)).toEqual([]);
    expect(other.flush().map(({ text }) => text)).toEqual(['[Container] and then']);
    expect(other.flush()).toEqual([]);
  });

  it('are byte for byte the log, however it was cut into events', () => {
    const seed = randomInt(2 ** 31);
    let state = seed;
    const below = (limit: number) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
      return state % limit;
    };
    const words = [
      '[Container] ',
      own('Entering phase BUILD'),
      '\n',
      '\r',
      'ü',
      '\u001b[31m',
      'abc',
      '[C',
    ];
    for (let turn = 0; turn < 300; turn += 1) {
      const messages = Array.from({ length: below(12) }, () =>
        Array.from({ length: below(6) }, () => words[below(words.length)]).join(''),
      );
      expect(textOf(messages), `seed ${seed}, turn ${turn}`).toBe(messages.join(''));
    }
  });
});
