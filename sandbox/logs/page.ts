import type { LogEvent } from './segment.js';
import type { LogStream } from './stream.js';

/** Events that fit in an answer. */
export const maxEvents = 10_000;
/** Size of an answer or of a batch: UTF-8 bytes of the messages and `eventOverhead` for each event. */
export const maxBytes = 1_048_576;
export const eventOverhead = 26;

/** Events from index `from` up to and without `to`, as many as fit: the first of them, oldest first. */
export function firstEvents(
  stream: LogStream,
  from: number,
  to: number,
  limit: number,
): LogEvent[] {
  const events: LogEvent[] = [];
  const room = new Room(limit);
  for (let index = from; index < to; index++) {
    const event = stream.at(index);
    if (!room.takes(event)) break;
    events.push(event);
  }
  return events;
}

/** The last of them, oldest first. */
export function lastEvents(stream: LogStream, from: number, to: number, limit: number): LogEvent[] {
  const events: LogEvent[] = [];
  const room = new Room(limit);
  for (let index = to - 1; index >= from; index--) {
    const event = stream.at(index);
    if (!room.takes(event)) break;
    events.push(event);
  }
  return events.reverse();
}

/** What is left of a page. An event that is larger than a page has one for itself. */
export class Room {
  private bytes = maxBytes;
  private taken = 0;

  constructor(private readonly limit: number) {}

  takes(event: LogEvent): boolean {
    this.bytes -= event.bytes + eventOverhead;
    if (this.taken > 0 && this.bytes < 0) return false;
    return this.taken++ < this.limit;
  }
}
