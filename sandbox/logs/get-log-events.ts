import { z } from 'zod';
import type { JsonCall } from '../core/aws-json.js';
import { groupOf, groupReference, invalidToken, seenAt, streamOf, subjectOf } from './action.js';
import { chanceAt } from './chance.js';
import { firstEvents, lastEvents, maxEvents } from './page.js';
import type { LogEvent } from './segment.js';
import type { LogsSettings } from './settings.js';
import type { LogStore } from './store.js';
import type { LogStream } from './stream.js';
import { readToken, writeToken, type EventsToken } from './token.js';
import { writePage } from './write-page.js';

export const getLogEventsSchema = z.object({
  ...groupReference,
  logStreamName: z.string().min(1),
  startTime: z.number().int().min(0).optional(),
  endTime: z.number().int().min(0).optional(),
  nextToken: z.string().optional(),
  limit: z.number().int().min(1).max(maxEvents).default(maxEvents),
  startFromHead: z.boolean().default(false),
});
type Input = z.infer<typeof getLogEventsSchema>;

/** Indexes of the events that a read may show: `from` up to and without `to`. */
interface Range {
  from: number;
  to: number;
}

/** Reads one stream page by page, in either direction. */
export class EventsReader {
  constructor(
    private readonly store: LogStore,
    private readonly settings: LogsSettings,
    private readonly seed: number,
  ) {}

  /** @returns the answer's JSON */
  read(input: Input, call: JsonCall): { body: Buffer; subject: string } {
    const group = groupOf(this.store, input, call);
    const stream = streamOf(group, input.logStreamName);
    const range = rangeOf(stream, input, seenAt(call));
    const token =
      input.nextToken === undefined
        ? startOf(stream, input, range, call.now)
        : this.check(readToken(input.nextToken), stream, call.now);
    const chance = chanceAt(
      this.seed,
      ...[call.accountId, call.region, group.name, stream.name],
      ...[token.direction, token.position, token.attempt],
    );
    const isEmpty = chance.chance(this.settings.emptyPageShare);
    const share = chance.chance(this.settings.partialPageShare) ? chance.next() : 1;
    const page = cutPage(stream, token, range, { limit: input.limit, share, isEmpty });
    const body = this.write(page, token, input.nextToken, call.now);
    return { body, subject: subjectOf(group, stream.name) };
  }

  private check(token: EventsToken, stream: LogStream, now: number): EventsToken {
    const age = now - token.issuedAt;
    if (token.serial !== stream.serial || age > this.settings.tokenHours * 3_600_000)
      throw invalidToken();
    return token;
  }

  /** A reader that has come to the end is given the very token that it sent. */
  private write(page: Page, token: EventsToken, sent: string | undefined, now: number): Buffer {
    const { serial, direction } = token;
    const onwards = (of: EventsToken['direction'], position: number) => {
      const goesOn = of === direction;
      if (goesOn && page.kind === 'end' && sent !== undefined) return sent;
      const attempt = goesOn && page.kind === 'empty' ? token.attempt + 1 : 0;
      return writeToken({ direction: of, serial, issuedAt: Math.floor(now), position, attempt });
    };
    return writePage(page.events, onwards('forward', page.to), onwards('backward', page.from));
  }
}

/**
 * Events from index `from` up to and without `to`; without any, because more comes later (`empty`) or because there is
 * no more for now (`end`).
 */
interface Page extends Range {
  kind: 'events' | 'empty' | 'end';
  events: readonly LogEvent[];
}

interface PageOptions {
  limit: number;
  /** Of what would fit, how much the page holds: above 0, at most 1. */
  share: number;
  isEmpty: boolean;
}

function cutPage(stream: LogStream, token: EventsToken, range: Range, options: PageOptions): Page {
  const { position, direction } = token;
  const isForward = direction === 'forward';
  const from = isForward ? Math.max(position, range.from) : range.from;
  const to = isForward ? range.to : Math.min(position, range.to);
  const standing = { events: [], from: position, to: position };
  if (from >= to) return { kind: 'end', ...standing };
  if (options.isEmpty) return { kind: 'empty', ...standing };
  if (isForward) {
    const fitting = firstEvents(stream, from, to, options.limit);
    const events = fitting.slice(0, Math.max(1, Math.floor(fitting.length * options.share)));
    return { kind: 'events', events, from, to: from + events.length };
  }
  const fitting = lastEvents(stream, from, to, options.limit);
  const events = fitting.slice(-Math.max(1, Math.floor(fitting.length * options.share)));
  return { kind: 'events', events, from: to - events.length, to };
}

function rangeOf(stream: LogStream, { startTime, endTime }: Input, seen: number): Range {
  const visible = stream.visibleCount(seen);
  return {
    from: startTime === undefined ? 0 : stream.firstAt(startTime),
    to: endTime === undefined ? visible : Math.min(visible, stream.firstAt(endTime)),
  };
}

/** Where a reader without a token begins: before the oldest event of the range, or behind the newest. */
function startOf(stream: LogStream, input: Input, range: Range, now: number): EventsToken {
  const common = { serial: stream.serial, issuedAt: Math.floor(now), attempt: 0 };
  return input.startFromHead
    ? { direction: 'forward', position: Math.min(range.from, range.to), ...common }
    : { direction: 'backward', position: range.to, ...common };
}
