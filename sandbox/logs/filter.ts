import { z } from 'zod';
import type { JsonAction, JsonCall } from '../core/aws-json.js';
import {
  groupOf,
  groupReference,
  invalidParameter,
  invalidToken,
  logsAction,
  seenAt,
  streamOf,
} from './action.js';
import { chanceAt } from './chance.js';
import type { LogGroup } from './group.js';
import { interleave, type Found } from './interleave.js';
import { parseToken } from './keyed-page.js';
import { maxEvents } from './page.js';
import type { LogsSettings } from './settings.js';
import type { LogStore } from './store.js';
import type { LogStream } from './stream.js';

const schema = z.object({
  ...groupReference,
  logStreamNames: z.array(z.string().min(1)).min(1).max(100).optional(),
  logStreamNamePrefix: z.string().min(1).optional(),
  startTime: z.number().int().min(0).default(0),
  endTime: z.number().int().min(0).default(Number.MAX_SAFE_INTEGER),
  filterPattern: z
    .string()
    .max(0, 'the sandbox filters by stream and time only, not by pattern')
    .optional(),
  nextToken: z.string().optional(),
  limit: z.number().int().min(1).max(maxEvents).default(maxEvents),
  startFromHead: z.literal(true, 'the sandbox reads from the head only').optional(),
});
type Input = z.infer<typeof schema>;

const tokenSchema = z.object({
  /** Name of the group that it is for. */
  group: z.string(),
  /** The event that was shown last: the page begins behind it. */
  after: z.object({ timestamp: z.number(), stream: z.string(), index: z.number() }).optional(),
  /** How many empty pages were answered at this place. */
  attempt: z.number(),
  /** Sandbox ms. */
  issuedAt: z.number(),
});
type Token = z.infer<typeof tokenSchema>;

/** Events of a group's streams, interleaved by time. Without a pattern. */
export function filterLogEvents(store: LogStore, settings: LogsSettings, seed: number): JsonAction {
  return logsAction(schema, (input, call) => {
    const group = groupOf(store, input, call);
    const issuedAt = call.now;
    const token =
      input.nextToken === undefined
        ? { group: group.name, attempt: 0, issuedAt }
        : readToken(input.nextToken, group, issuedAt - settings.tokenHours * 3_600_000);
    const { startTime, endTime } = input;
    const window = { startTime, endTime, seen: seenAt(call), after: token.after };
    const { events, isLast } = interleave(streamsOf(group, input), window, input.limit);
    const isEmpty = events.length > 0 && drawOf(seed, token, call).chance(settings.emptyPageShare);
    const next: Token = isEmpty
      ? { ...token, attempt: token.attempt + 1, issuedAt }
      : { group: group.name, after: events.at(-1)?.place, attempt: 0, issuedAt };
    return {
      json: {
        events: isEmpty ? [] : events.map(shown),
        // Nothing is named here since 2020.
        searchedLogStreams: [],
        nextToken: isLast && !isEmpty ? undefined : writeToken(next),
      },
      subject: group.name,
    };
  });
}

function streamsOf(group: LogGroup, input: Input): LogStream[] {
  const { logStreamNames: names, logStreamNamePrefix: prefix } = input;
  if (names === undefined)
    return [...group.streams.values()].filter(({ name }) => name.startsWith(prefix ?? ''));
  if (prefix !== undefined)
    throw invalidParameter('logStreamNames and logStreamNamePrefix are mutually exclusive.');
  return [...new Set(names)].map((name) => streamOf(group, name));
}

function drawOf(seed: number, { group, after, attempt }: Token, call: JsonCall) {
  const { stream = '', index = 0 } = after ?? {};
  return chanceAt(seed, call.accountId, call.region, group, stream, index, attempt);
}

function shown({ place, event, serial }: Found): unknown {
  const eventId = `${serial}${String(place.index).padStart(40, '0')}`;
  return {
    logStreamName: place.stream,
    timestamp: event.timestamp,
    message: event.message,
    ingestionTime: event.visibleAt,
    eventId,
  };
}

function readToken(text: string, group: LogGroup, oldest: number): Token {
  const token = parseToken(text, tokenSchema);
  if (token.group !== group.name || token.issuedAt < oldest) throw invalidToken();
  return token;
}

function writeToken(token: Token): string {
  return Buffer.from(JSON.stringify(token)).toString('base64url');
}
