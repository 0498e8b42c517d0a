import { Room } from './page.js';
import type { LogEvent } from './segment.js';
import type { LogStream } from './stream.js';

/** Where an event stands among those of all streams: by time, then by the stream's name, then by index. */
export interface Place {
  timestamp: number;
  stream: string;
  index: number;
}

export interface Found {
  place: Place;
  event: LogEvent;
  /** Of its stream. */
  serial: number;
}

export interface Window {
  /** Included. */
  startTime: number;
  /** Included, as FilterLogEvents has it; GetLogEvents leaves its own out. */
  endTime: number;
  /** Sandbox ms of which the state is shown. */
  seen: number;
  /** The page begins behind this one. */
  after: Place | undefined;
}

/** A page of the events of several streams, in order of time. */
export function interleave(
  streams: readonly LogStream[],
  window: Window,
  limit: number,
): { events: Found[]; isLast: boolean } {
  const cursors = streams
    .map((stream) => new Cursor(stream, window))
    .filter((cursor) => cursor.hasMore)
    .sort((a, b) => (a.stream.name < b.stream.name ? -1 : 1));
  const events: Found[] = [];
  const room = new Room(limit);
  for (let cursor = earliest(cursors); cursor; cursor = earliest(cursors)) {
    const found = cursor.found();
    if (!room.takes(found.event)) return { events, isLast: false };
    events.push(found);
    cursor.advance();
  }
  return { events, isLast: true };
}

/** The one whose event is the oldest; among those of one moment the first by name. */
function earliest(cursors: readonly Cursor[]): Cursor | undefined {
  let best: Cursor | undefined;
  for (const cursor of cursors)
    if (cursor.hasMore && (best === undefined || cursor.timestamp < best.timestamp)) best = cursor;
  return best;
}

class Cursor {
  timestamp = 0;
  private index: number;
  private readonly end: number;

  constructor(
    readonly stream: LogStream,
    { startTime, endTime, seen, after }: Window,
  ) {
    this.index = Math.max(stream.firstAt(startTime), after ? firstBehind(stream, after) : 0);
    this.end = Math.min(stream.visibleCount(seen), stream.firstAt(endTime + 1));
    this.look();
  }

  get hasMore(): boolean {
    return this.index < this.end;
  }

  found(): Found {
    const { timestamp, index, stream } = this;
    const place = { timestamp, stream: stream.name, index };
    return { place, event: stream.at(index), serial: stream.serial };
  }

  advance(): void {
    this.index += 1;
    this.look();
  }

  private look(): void {
    if (this.hasMore) this.timestamp = this.stream.timestampAt(this.index);
  }
}

function firstBehind(stream: LogStream, after: Place): number {
  if (stream.name === after.stream) return after.index + 1;
  return stream.firstAt(stream.name > after.stream ? after.timestamp : after.timestamp + 1);
}
