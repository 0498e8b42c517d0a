/** One event of a log. Times are whole sandbox milliseconds since the epoch. */
export interface LogEvent {
  readonly timestamp: number;
  /** With its own line break, where it has one. */
  readonly message: string;
  /** When the service has taken it in: from then on reads see it. Its ingestion time. */
  readonly visibleAt: number;
  /** UTF-8 bytes of the message. */
  readonly bytes: number;
}

/** A log that is made up while it is read. Both times must not decrease with the index. */
export interface GeneratedEvents {
  /** How many events; their indexes run from 0. */
  readonly count: number;
  /** Sandbox ms at which event `index` happens. */
  timestampOf(index: number): number;
  /** Sandbox ms from which reads see it; `timestampOf(index)` unless given. */
  visibleAt?(index: number): number;
  /** The message, its line break included. It must be the same whenever it is asked for. */
  line(index: number): string;
}

/** Where the event before stands: nothing of what follows may lie earlier. */
export type Floor = Pick<LogEvent, 'timestamp' | 'visibleAt'>;

/** A run of events in a stream, indexed from 0. */
export interface Segment {
  readonly count: number;
  at(index: number): LogEvent;
  /** The same as those of `at(index)`, without making the message. */
  timestampAt(index: number): number;
  visibleAt(index: number): number;
  /** UTF-8 bytes of all messages. */
  bytes(): number;
  /** Drops the events from this index on. */
  cut(count: number): void;
}

/** Events that were written one by one, kept as they are. */
export class StoredSegment implements Segment {
  private readonly events: LogEvent[] = [];
  private total = 0;

  get count(): number {
    return this.events.length;
  }

  push(event: LogEvent): void {
    this.events.push(event);
    this.total += event.bytes;
  }

  at(index: number): LogEvent {
    const event = this.events[index];
    if (!event) throw new RangeError(`no event ${index}, there are ${this.events.length}`);
    return event;
  }

  timestampAt(index: number): number {
    return this.at(index).timestamp;
  }

  visibleAt(index: number): number {
    return this.at(index).visibleAt;
  }

  bytes(): number {
    return this.total;
  }

  cut(count: number): void {
    for (const { bytes } of this.events.splice(count)) this.total -= bytes;
  }
}

/** Events that are made up when they are read: a hundred megabytes cost no memory. */
export class GeneratedSegment implements Segment {
  private events: number;
  private total: number | undefined;

  constructor(
    private readonly source: GeneratedEvents,
    private readonly floor: Floor,
  ) {
    this.events = source.count;
  }

  get count(): number {
    return this.events;
  }

  at(index: number): LogEvent {
    const message = this.source.line(index);
    return {
      timestamp: this.timestampAt(index),
      message,
      visibleAt: this.visibleAt(index),
      bytes: Buffer.byteLength(message),
    };
  }

  timestampAt(index: number): number {
    return Math.max(this.floor.timestamp, Math.floor(this.source.timestampOf(index)));
  }

  visibleAt(index: number): number {
    const own = this.source.visibleAt?.(index) ?? this.source.timestampOf(index);
    return Math.max(this.floor.visibleAt, Math.floor(own));
  }

  bytes(): number {
    if (this.total === undefined) {
      this.total = 0;
      for (let index = 0; index < this.events; index++)
        this.total += Buffer.byteLength(this.source.line(index));
    }
    return this.total;
  }

  cut(count: number): void {
    this.events = Math.min(this.events, count);
    this.total = undefined;
  }
}
