import {
  GeneratedSegment,
  StoredSegment,
  type Floor,
  type GeneratedEvents,
  type LogEvent,
  type Segment,
} from './segment.js';

const start: Floor = { timestamp: 0, visibleAt: 0 };

/**
 * A log stream: events by index, in the order in which they came. Neither their timestamps nor the moments at which
 * they become visible ever go back, so what a reader has passed never grows behind it.
 */
export class LogStream {
  private readonly segments: { first: number; segment: Segment }[] = [];

  /**
   * @param serial number of the stream among all that the sandbox ever had: a token names it
   * @param createdAt whole sandbox ms
   */
  constructor(
    readonly name: string,
    readonly serial: number,
    readonly createdAt: number,
  ) {}

  /** Events so far, visible or not. */
  get count(): number {
    const last = this.segments.at(-1);
    return last ? last.first + last.segment.count : 0;
  }

  append(event: Pick<LogEvent, 'timestamp' | 'message' | 'visibleAt'>): void {
    const floor = this.floor();
    const last = this.segments.at(-1)?.segment;
    const segment = last instanceof StoredSegment ? last : this.add(new StoredSegment());
    segment.push({
      timestamp: Math.max(floor.timestamp, Math.floor(event.timestamp)),
      message: event.message,
      visibleAt: Math.max(floor.visibleAt, Math.floor(event.visibleAt)),
      bytes: Buffer.byteLength(event.message),
    });
  }

  generate(events: GeneratedEvents): void {
    this.add(new GeneratedSegment(events, this.floor()));
  }

  /** Drops the events from this index on, as if they had never been written. */
  cut(count: number): void {
    for (const { first, segment } of this.segments) segment.cut(Math.max(0, count - first));
    while (this.segments.length > 0 && this.segments.at(-1)?.segment.count === 0)
      this.segments.pop();
  }

  /** @throws RangeError where there is no such event */
  at(index: number): LogEvent {
    const { first, segment } = this.find(index);
    return segment.at(index - first);
  }

  timestampAt(index: number): number {
    const { first, segment } = this.find(index);
    return segment.timestampAt(index - first);
  }

  /** How many events a read sees at `now`: an event is visible only when all before it are. */
  visibleCount(now: number): number {
    return lowerBound(this.count, (index) => this.visibleAt(index) > now);
  }

  /** Index of the first event at or after `timestamp`; `count` when there is none. */
  firstAt(timestamp: number): number {
    return lowerBound(this.count, (index) => this.timestampAt(index) >= timestamp);
  }

  /** UTF-8 bytes of all messages, visible or not. */
  bytes(): number {
    return this.segments.reduce((sum, { segment }) => sum + segment.bytes(), 0);
  }

  private visibleAt(index: number): number {
    const { first, segment } = this.find(index);
    return segment.visibleAt(index - first);
  }

  private floor(): Floor {
    const { count } = this;
    if (count === 0) return start;
    return { timestamp: this.timestampAt(count - 1), visibleAt: this.visibleAt(count - 1) };
  }

  private add<T extends Segment>(segment: T): T {
    this.segments.push({ first: this.count, segment });
    return segment;
  }

  private find(index: number): { first: number; segment: Segment } {
    const after = lowerBound(this.segments.length, (n) => (this.segments[n]?.first ?? 0) > index);
    const found = this.segments[after - 1];
    if (!found) throw new RangeError(`no event ${index} in stream ${this.name}`);
    return found;
  }
}

/** The least index from 0 to `count` where `holds`; once it holds, it must hold for all that follow. */
function lowerBound(count: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
