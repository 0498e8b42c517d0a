import { z } from 'zod';
import type { JsonAction } from '../core/aws-json.js';
import { groupOf, groupReference, invalidParameter, logsAction, seenAt } from './action.js';
import type { LogGroup } from './group.js';
import { keyedPage } from './keyed-page.js';
import type { LogStore } from './store.js';
import type { LogStream } from './stream.js';

const paging = {
  nextToken: z.string().optional(),
  limit: z.number().int().min(1).max(50).default(50),
};

export function describeLogGroups(store: LogStore): JsonAction {
  const schema = z.object({
    logGroupNamePrefix: z.string().min(1).optional(),
    /** Part of a name, in any case. */
    logGroupNamePattern: z.string().optional(),
    ...paging,
  });
  return logsAction(schema, (input, call) => {
    const { logGroupNamePrefix: prefix, logGroupNamePattern: pattern } = input;
    if (prefix !== undefined && pattern !== undefined)
      throw invalidParameter(
        'LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.',
      );
    const groups = [...store.groups(call.accountId, call.region).values()]
      .filter(({ name }) => name.startsWith(prefix ?? ''))
      .filter(({ name }) => name.toLowerCase().includes((pattern ?? '').toLowerCase()))
      .map((group) => ({ key: group.name, item: group }))
      .sort(byKey);
    const page = pageOf(groups, input, false);
    return { json: { logGroups: page.items.map(shownGroup), nextToken: page.next } };
  });
}

export function describeLogStreams(store: LogStore): JsonAction {
  const schema = z.object({
    ...groupReference,
    logStreamNamePrefix: z.string().min(1).optional(),
    orderBy: z.enum(['LogStreamName', 'LastEventTime']).default('LogStreamName'),
    descending: z.boolean().default(false),
    ...paging,
  });
  return logsAction(schema, (input, call) => {
    const { logStreamNamePrefix: prefix, orderBy, descending } = input;
    if (prefix !== undefined && orderBy === 'LastEventTime')
      throw invalidParameter('Cannot order by LastEventTime with a logStreamNamePrefix.');
    const group = groupOf(store, input, call);
    const streams = [...group.streams.values()]
      .filter(({ name }) => name.startsWith(prefix ?? ''))
      .map((stream) => ({ stream, times: timesOf(stream, seenAt(call)) }))
      .map((item) => ({
        key: `${orderBy === 'LogStreamName' ? '' : sortable(item.times?.last)}${item.stream.name}`,
        item,
      }))
      .sort(byKey);
    if (descending) streams.reverse();
    const page = pageOf(streams, input, descending);
    return {
      json: {
        logStreams: page.items.map(({ stream, times }) => shownStream(group, stream, times)),
        nextToken: page.next,
      },
      subject: group.name,
    };
  });
}

interface Times {
  first: number;
  last: number;
  ingested: number;
}

/** Of the events that can be seen; a stream without any shows none. */
function timesOf(stream: LogStream, now: number): Times | undefined {
  const visible = stream.visibleCount(now);
  if (visible === 0) return undefined;
  const last = stream.at(visible - 1);
  return { first: stream.timestampAt(0), last: last.timestamp, ingested: last.visibleAt };
}

function shownGroup(group: LogGroup): unknown {
  return {
    logGroupName: group.name,
    creationTime: group.createdAt,
    retentionInDays: group.options.retentionDays,
    metricFilterCount: 0,
    arn: `${group.arn}:*`,
    logGroupArn: group.arn,
    storedBytes: 0,
    logGroupClass: 'STANDARD',
  };
}

function shownStream(group: LogGroup, stream: LogStream, times: Times | undefined): unknown {
  return {
    logStreamName: stream.name,
    creationTime: stream.createdAt,
    firstEventTimestamp: times?.first,
    lastEventTimestamp: times?.last,
    lastIngestionTime: times?.ingested,
    uploadSequenceToken: String(stream.count),
    arn: `${group.arn}:log-stream:${stream.name}`,
    // AWS answers 0 for every stream since 2019.
    storedBytes: 0,
  };
}

function pageOf<T>(
  items: readonly { key: string; item: T }[],
  { nextToken: token, limit }: { nextToken?: string | undefined; limit: number },
  descending: boolean,
) {
  return keyedPage(items, { token, limit, descending });
}

function sortable(timestamp: number = 0): string {
  return String(timestamp).padStart(15, '0');
}

function byKey(a: { key: string }, b: { key: string }): number {
  if (a.key === b.key) return 0;
  return a.key < b.key ? -1 : 1;
}
