/** One line, or part of one, as CloudWatch keeps it. The message carries its own line break. */
export interface LogEvent {
  /** Milliseconds since the epoch. */
  timestamp: number;
  message: string;
}

/**
 * Where the reading of a log goes on: small, and enough for whoever takes over. A log is read from the
 * beginning by the tokens of its pages; past a token's life, by time.
 */
export interface LogCursor {
  /** The page to read next; absent at the beginning, and where the reading goes on by time. */
  token?: string;
  /** When the token was given, by the reader's clock: it lives 24 h. */
  tokenAt?: number;
  /** Events at the front of what is read next that were taken already. */
  skip: number;
  /** Of the last event taken: its time, and how many with that very time were taken in a row. */
  last?: { timestamp: number; count: number };
}

export const logStart: LogCursor = { skip: 0 };

/** Tokens live for 24 h; clocks differ a little. */
const tokenLife = 23 * 3_600_000;

/** What to ask CloudWatch for next. */
export function nextPage({
  token,
  last,
}: LogCursor): { nextToken: string } | { startTime?: number } {
  if (token !== undefined) return { nextToken: token };
  return last === undefined ? {} : { startTime: last.timestamp };
}

/** Whether the cursor's token is about to expire. */
export function isOld({ token, tokenAt }: LogCursor, now: number): boolean {
  return token !== undefined && tokenAt !== undefined && now - tokenAt > tokenLife;
}

/** The same place without its token: the reading goes on at the time of the last event, past those taken. */
export function byTime({ last }: Pick<LogCursor, 'last'>): LogCursor {
  return last === undefined ? logStart : { skip: last.count, last };
}

/** What a page brings, from where the cursor stood. */
export interface PageTaken {
  /** Those that were not taken before. */
  events: LogEvent[];
  cursor: LogCursor;
  /** Whether the log has no more for now. */
  isEnd: boolean;
}

/** Takes a whole page. The same token as was sent means the end for now; an empty page does not. */
export function takePage(
  cursor: LogCursor,
  page: { events: readonly LogEvent[]; nextToken: string | undefined },
  now: number,
): PageTaken {
  const skipped = Math.min(cursor.skip, page.events.length);
  const events = page.events.slice(skipped);
  const isEnd = page.nextToken === undefined || page.nextToken === cursor.token;
  // A page without an end of its own is read again from its beginning.
  if (page.nextToken === undefined)
    return { events, isEnd, cursor: takePart(cursor, events, events.length) };
  const last = lastOf(cursor.last, events);
  return {
    events,
    isEnd,
    cursor: {
      token: page.nextToken,
      tokenAt: isEnd ? (cursor.tokenAt ?? now) : now,
      skip: cursor.skip - skipped,
      ...(last === undefined ? {} : { last }),
    },
  };
}

/** The place after the first `count` of the events that a page brought. */
export function takePart(before: LogCursor, events: readonly LogEvent[], count: number): LogCursor {
  const last = lastOf(before.last, events.slice(0, count));
  if (last === undefined) return before;
  // Without a token the reading begins at the time of `last`: what is skipped there is what has that time.
  if (before.token === undefined) return byTime({ last });
  return { ...before, skip: before.skip + count, last };
}

function lastOf(before: LogCursor['last'], events: readonly LogEvent[]): LogCursor['last'] {
  const end = events.at(-1);
  if (end === undefined) return before;
  let count = 0;
  while (count < events.length && events[events.length - 1 - count]?.timestamp === end.timestamp)
    count += 1;
  const goesOn = count === events.length && before?.timestamp === end.timestamp;
  return { timestamp: end.timestamp, count: goesOn ? before.count + count : count };
}
