import { describe, expect, test } from 'vitest';
import {
  type LogCursor,
  type LogEvent,
  byTime,
  isOld,
  logStart,
  nextPage,
  takePage,
  takePart,
} from '../../../src/domain/builds/log-cursor.js';
import { ExpiredToken, PagedLog } from './paged-log.js';
import { randomFrom } from './random.js';

const hour = 3_600_000;
const at = (...times: number[]): LogEvent[] =>
  times.map((timestamp, index) => ({ timestamp, message: `${index}\n` }));
const messages = (events: readonly LogEvent[]) => events.map(({ message }) => message.trim());
const page = (events: LogEvent[], nextToken: string | undefined) => ({ events, nextToken });

describe('by tokens', () => {
  test('a log is asked for from its beginning', () => {
    expect(nextPage(logStart)).toEqual({});
  });

  test('the token of a page asks for the next', () => {
    const { cursor, isEnd } = takePage(logStart, page(at(1, 2), 'f/2'), 0);
    expect({ next: nextPage(cursor), isEnd }).toEqual({ next: { nextToken: 'f/2' }, isEnd: false });
  });

  test('the token that was sent means the end for now', () => {
    const first = takePage(logStart, page(at(1), 'f/1'), 0);
    expect(takePage(first.cursor, page([], 'f/1'), 1)).toMatchObject({ isEnd: true, events: [] });
  });

  test('an empty page with a new token does not', () => {
    const first = takePage(logStart, page(at(1), 'f/1'), 0);
    expect(takePage(first.cursor, page([], 'f/2'), 1)).toMatchObject({ isEnd: false, events: [] });
  });

  test('the first page of an empty log is not taken for its end: there is a token to ask with', () => {
    expect(takePage(logStart, page([], 'f/0'), 0)).toMatchObject({ isEnd: false });
  });

  test('what comes later at the end is taken with the token that is known', () => {
    const log = new PagedLog(at(1, 2, 3));
    log.visible = 2;
    const first = takePage(logStart, log.read(logStart), 0);
    const end = takePage(first.cursor, log.read(first.cursor), 0);
    log.visible = 3;
    const more = takePage(end.cursor, log.read(end.cursor), 0);
    expect(messages(more.events)).toEqual(['2']);
  });
});

describe('in the middle of a page', () => {
  test('events taken already are skipped when the page comes again', () => {
    const log = new PagedLog(at(1, 2, 3, 4));
    const middle = takePart(logStart, log.events, 3);
    expect(messages(takePage(middle, log.read(middle), 0).events)).toEqual(['3']);
  });

  test('those to skip may come on several pages, cut otherwise than before', () => {
    const log = new PagedLog(at(1, 2, 3, 4, 5));
    const first = takePage(logStart, log.read(logStart, 1), 0);
    const rest = log.read(first.cursor);
    const middle = takePart(first.cursor, rest.events, 3);
    const one = takePage(middle, log.read(middle, 2), 0);
    const two = takePage(one.cursor, log.read(one.cursor, 2), 0);
    expect([messages(one.events), messages(two.events)]).toEqual([[], ['4']]);
  });

  test('a part of nothing is the same place', () => {
    expect(takePart(logStart, [], 0)).toEqual(logStart);
  });

  test('a page whose answer has no token is read again from where it began, past what it brought', () => {
    const log = new PagedLog(at(1, 2, 3));
    log.visible = 2;
    const first = takePage(logStart, log.read(logStart, Infinity, false), 0);
    log.visible = 3;
    const second = takePage(first.cursor, log.read(first.cursor), 0);
    expect([messages(first.events), messages(second.events)]).toEqual([['0', '1'], ['2']]);
  });
});

describe('by time', () => {
  test('the reading goes on at the last event, past those taken', () => {
    const { cursor } = takePage(logStart, page(at(5, 7), 'f/2'), 0);
    expect(nextPage(byTime(cursor))).toEqual({ startTime: 7 });
    expect(byTime(cursor).skip).toBe(1);
  });

  test('before the first event it begins at the beginning', () => {
    const { cursor } = takePage(logStart, page([], 'f/0'), 0);
    expect(byTime(cursor)).toEqual(logStart);
  });

  test('events of the same millisecond are counted over pages', () => {
    const log = new PagedLog(at(1, 9, 9, 9, 9, 9));
    let cursor: LogCursor = logStart;
    for (const size of [2, 1, 1]) cursor = takePage(cursor, log.read(cursor, size), 0).cursor;
    const again = byTime(cursor);
    expect(messages(takePage(again, log.read(again), 0).events)).toEqual(['4', '5']);
  });

  test('they are counted on where the reading by time took some of them', () => {
    const log = new PagedLog(at(9, 9, 9, 9, 9));
    const first = takePage(logStart, log.read(logStart, 2), 0);
    const second = takePage(byTime(first.cursor), log.read(byTime(first.cursor), 4), 0);
    const third = byTime(second.cursor);
    expect(messages(second.events)).toEqual(['2', '3']);
    expect(messages(takePage(third, log.read(third), 0).events)).toEqual(['4']);
  });

  test('a later millisecond counts from one again', () => {
    const { cursor } = takePage(logStart, page(at(9, 9, 9, 10), 'f/4'), 0);
    expect(cursor.last).toEqual({ timestamp: 10, count: 1 });
  });

  test('a token is old an hour before its end', () => {
    const { cursor } = takePage(logStart, page(at(1), 'f/1'), 1_000);
    expect(isOld(cursor, 1_000 + 23 * hour)).toBe(false);
    expect(isOld(cursor, 1_001 + 23 * hour)).toBe(true);
  });

  test('a token that came back at the end is as old as when it was given', () => {
    const first = takePage(logStart, page(at(1), 'f/1'), 0);
    const end = takePage(first.cursor, page([], 'f/1'), 20 * hour);
    expect(isOld(end.cursor, 23 * hour + 1)).toBe(true);
  });

  test('a new token is new', () => {
    const first = takePage(logStart, page(at(1), 'f/1'), 0);
    const second = takePage(first.cursor, page(at(2), 'f/2'), 20 * hour);
    expect(isOld(second.cursor, 24 * hour)).toBe(false);
  });

  test('a place without a token is never old', () => {
    expect(isOld(logStart, 1e15)).toBe(false);
  });
});

const seed = Number(process.env['LOG_SEED'] ?? Math.floor(Math.random() * 1e9));

describe(`any reader (LOG_SEED=${seed})`, () => {
  test.each([
    ['pages cut anywhere', { expire: 0, restart: 0, part: 0, noToken: 0 }],
    ['tokens that expire anywhere', { expire: 0.2, restart: 0, part: 0, noToken: 0 }],
    ['restarts from any place saved', { expire: 0, restart: 0.2, part: 0.3, noToken: 0 }],
    ['all of it', { expire: 0.1, restart: 0.1, part: 0.3, noToken: 0.1 }],
  ])('gets every event once and in order, with %s', (_, chances) => {
    const random = randomFrom(seed);
    for (let round = 0; round < 400; round++) {
      const log = new PagedLog(randomEvents(random));
      expect(readAll(log, random, chances), `round ${round}`).toEqual(messages(log.events));
    }
  });
});

/** Few different times, so that many events share one. */
function randomEvents(random: () => number): LogEvent[] {
  const times = Array.from({ length: Math.floor(random() * 40) }, () => Math.floor(random() * 8));
  return at(...times.sort((a, b) => a - b));
}

interface Chances {
  /** That every token given so far expires, before a read. */
  expire: number;
  /** That the reader dies, and another goes on from any place that was saved. */
  restart: number;
  /** That a place within a page is saved, too. */
  part: number;
  /** That an answer has no token. */
  noToken: number;
}

/** Reads as a follower does until all is read: what it has written, each event at its place. */
function readAll(log: PagedLog, random: () => number, chances: Chances): string[] {
  const written: string[] = [];
  let reader: { cursor: LogCursor; taken: number } = { cursor: logStart, taken: 0 };
  const saved = [reader];
  log.visible = 0;
  for (let reads = 0; reads < 2_000; reads++) {
    if (random() < 0.3) log.visible = Math.min(log.events.length, log.visible + 5);
    if (random() < chances.expire) log.expireTokens();
    if (reads < 200 && random() < chances.restart)
      reader = saved[Math.floor(random() * saved.length)]!;
    const read = readOnce(log, reader.cursor, random, chances);
    if (random() < chances.part) {
      const count = Math.floor(random() * read.events.length);
      const cursor = takePart(read.from, read.events, count);
      saved.push({ cursor, taken: reader.taken + count });
    }
    for (const [index, message] of messages(read.events).entries())
      written[reader.taken + index] = message;
    reader = { cursor: read.cursor, taken: reader.taken + read.events.length };
    saved.push(reader);
    if (read.isEnd && log.visible === log.events.length && reads >= 200) break;
  }
  return written;
}

function readOnce(log: PagedLog, from: LogCursor, random: () => number, { noToken }: Chances) {
  const size = Math.floor(random() * 6);
  const withToken = random() >= noToken;
  try {
    return { from, ...takePage(from, log.read(from, size, withToken), 0) };
  } catch (error) {
    if (!(error instanceof ExpiredToken)) throw error;
    const again = byTime(from);
    return { from: again, ...takePage(again, log.read(again, size, withToken), 0) };
  }
}
