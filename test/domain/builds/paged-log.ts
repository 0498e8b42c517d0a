import type { LogCursor, LogEvent } from '../../../src/domain/builds/log-cursor.js';
import { nextPage } from '../../../src/domain/builds/log-cursor.js';

export interface Page {
  events: LogEvent[];
  nextToken: string | undefined;
}

export class ExpiredToken extends Error {}

/** A log as CloudWatch hands it out: by tokens, or from a time on. How its pages are cut is up to the test. */
export class PagedLog {
  /** Events that a read sees so far. */
  visible: number;
  private readonly places = new Map<string, number>();

  constructor(readonly events: readonly LogEvent[]) {
    this.visible = events.length;
  }

  /** Tokens that were given out so far are good no more. */
  expireTokens(): void {
    this.places.clear();
  }

  /**
   * The page at a cursor.
   *
   * @param size events at most: 0 makes it empty, with more to come
   * @param withToken whether the answer says where to go on; CloudWatch's always does, its type doesn't
   */
  read(cursor: LogCursor, size = Infinity, withToken = true): Page {
    const request = nextPage(cursor);
    const sent = 'nextToken' in request ? request.nextToken : undefined;
    const start = 'nextToken' in request ? this.placeOf(request.nextToken) : this.firstAt(request);
    const end = Math.min(this.visible, start + size);
    const isEnd = start >= this.visible;
    const events = this.events.slice(start, Math.max(start, end));
    if (!withToken) return { events, nextToken: undefined };
    return { events, nextToken: isEnd && sent !== undefined ? sent : this.tokenFor(end) };
  }

  private tokenFor(place: number): string {
    const token = `f/${place}/${this.places.size}`;
    this.places.set(token, place);
    return token;
  }

  private placeOf(token: string): number {
    const place = this.places.get(token);
    if (place === undefined) throw new ExpiredToken();
    return place;
  }

  private firstAt({ startTime = 0 }: { startTime?: number }): number {
    const first = this.events.findIndex(({ timestamp }) => timestamp >= startTime);
    return first < 0 ? this.events.length : first;
  }
}
