import {
  type CloudWatchLogsClient,
  GetLogEventsCommand,
  type GetLogEventsCommandOutput,
} from '@aws-sdk/client-cloudwatch-logs';
import pLimit, { type LimitFunction } from 'p-limit';
import { awsErrorCode, awsErrorMessage } from '../../aws/errors.js';
import {
  type LogCursor,
  type PageTaken,
  byTime,
  isOld,
  nextPage,
  takePage,
} from '../../domain/builds/log-cursor.js';

export interface LogStream {
  group: string;
  stream: string;
}

/** What a read brings; `missing` while there is no such group or stream. */
export type LogRead = PageTaken & { missing: boolean };

/** Reads the page of a log at a cursor. One call, but for a token that has expired. */
export async function readLogPage(
  client: CloudWatchLogsClient,
  place: LogStream,
  cursor: LogCursor,
  abortSignal: AbortSignal,
): Promise<LogRead> {
  const from = isOld(cursor, Date.now()) ? byTime(cursor) : cursor;
  try {
    return taken(from, await getEvents(client, place, from, abortSignal));
  } catch (error) {
    if (awsErrorCode(error) === 'ResourceNotFoundException')
      return { events: [], cursor, isEnd: true, missing: true };
    if (from.token === undefined || !isExpired(error)) throw error;
    const again = byTime(cursor);
    return taken(again, await getEvents(client, place, again, abortSignal));
  }
}

/**
 * Reads under way at the same time in one account and region. A look at a thousand builds has a thousand reads follow
 * it: those that wait here for their turn, the first come first, cost nothing, and those under way cost memory.
 */
const readsAtOnce = 16;
const turns = new WeakMap<CloudWatchLogsClient, LimitFunction>();

function getEvents(
  client: CloudWatchLogsClient,
  { group, stream }: LogStream,
  cursor: LogCursor,
  abortSignal: AbortSignal,
): Promise<GetLogEventsCommandOutput> {
  const turn = turns.get(client) ?? pLimit(readsAtOnce);
  turns.set(client, turn);
  return turn(() => {
    // Made in its turn: of those that wait, there may be a thousand.
    const command = new GetLogEventsCommand({
      logGroupName: group,
      logStreamName: stream,
      startFromHead: true,
      ...nextPage(cursor),
    });
    return client.send(command, { abortSignal });
  });
}

function taken(
  cursor: LogCursor,
  { events, nextForwardToken }: GetLogEventsCommandOutput,
): LogRead {
  const page = {
    events: (events ?? []).map(({ timestamp = 0, message = '' }) => ({ timestamp, message })),
    nextToken: nextForwardToken,
  };
  return { ...takePage(cursor, page, Date.now()), missing: false };
}

function isExpired(error: unknown): boolean {
  return (
    awsErrorCode(error) === 'InvalidParameterException' && /token/i.test(awsErrorMessage(error))
  );
}
