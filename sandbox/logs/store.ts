import { LogGroup, type LogGroupOptions } from './group.js';
import type { GeneratedEvents } from './segment.js';
import type { LogStream } from './stream.js';

export type { GeneratedEvents, LogEvent } from './segment.js';

/** A stream of a group, in an account and region. */
export interface LogPlace {
  accountId: string;
  region: string;
  group: string;
  stream: string;
}

export interface LogEventInput {
  /** Sandbox ms; one that lies before the stream's last event is given that one's. */
  timestamp: number;
  /** With its own line break. */
  message: string;
  /** Sandbox ms from which reads see it, and not before all that came earlier; now unless given. */
  visibleAt?: number;
}

/** The logs of every account and region. */
export class LogStore {
  private readonly targets = new Map<string, Map<string, LogGroup>>();
  private serials = 0;

  /** @param now sandbox ms */
  constructor(readonly now: () => number) {}

  /** Adds events at a stream's end, in their order. Group and stream are made when they are missing. */
  append(place: LogPlace, events: readonly LogEventInput[]): void {
    const stream = this.openStream(place);
    const now = this.now();
    for (const event of events) stream.append({ ...event, visibleAt: event.visibleAt ?? now });
  }

  /**
   * Adds a log that is made up while it is read, so that one of 100 MB takes no memory. Each event becomes visible
   * when its time has come. What is appended later stands after all of it.
   */
  generate(place: LogPlace, events: GeneratedEvents): void {
    this.openStream(place).generate(events);
  }

  /**
   * Drops what is stamped at `timestamp` (sandbox ms) or later, save what reads can see already: a build that was
   * stopped writes no more.
   */
  cut(place: LogPlace, timestamp: number): void {
    const stream = this.stream(place);
    stream?.cut(Math.max(stream.firstAt(timestamp), stream.visibleCount(this.now())));
  }

  /** Everything, visible or not, in one string: the truth for tests. Empty where there is no such stream. */
  text(place: LogPlace): string {
    const stream = this.stream(place);
    if (!stream) return '';
    return Array.from({ length: stream.count }, (_, index) => stream.at(index).message).join('');
  }

  /** UTF-8 bytes of `text(place)`. */
  bytes(place: LogPlace): number {
    return this.stream(place)?.bytes() ?? 0;
  }

  /** Groups of one account and region, by name. */
  groups(accountId: string, region: string): ReadonlyMap<string, LogGroup> {
    return this.target(accountId, region);
  }

  stream({ accountId, region, group, stream }: LogPlace): LogStream | undefined {
    return this.groups(accountId, region).get(group)?.streams.get(stream);
  }

  /** The group, made when it is missing. */
  openGroup(
    { accountId, region, group: name }: Omit<LogPlace, 'stream'>,
    options: LogGroupOptions = {},
  ): LogGroup {
    const target = this.target(accountId, region);
    const known = target.get(name);
    if (known) return known;
    const arn = `arn:aws:logs:${region}:${accountId}:log-group:${name}`;
    const group = new LogGroup(name, arn, Math.floor(this.now()), options);
    target.set(name, group);
    return group;
  }

  /** The stream, made with its group when it is missing. */
  openStream(place: LogPlace): LogStream {
    const group = this.openGroup(place);
    return group.streams.get(place.stream) ?? this.addStream(group, place.stream);
  }

  private addStream(group: LogGroup, name: string): LogStream {
    return group.addStream(name, ++this.serials, Math.floor(this.now()));
  }

  private target(accountId: string, region: string): Map<string, LogGroup> {
    const key = `${accountId}/${region}`;
    let groups = this.targets.get(key);
    if (!groups) {
      groups = new Map();
      this.targets.set(key, groups);
    }
    return groups;
  }
}
