import { z } from 'zod';
import { AwsError } from '../core/aws-error.js';
import type { JsonAction, JsonCall, JsonResult } from '../core/aws-json.js';
import { groupOf, invalidParameter, logsAction, streamOf, subjectOf } from './action.js';
import { eventOverhead, maxBytes, maxEvents } from './page.js';
import { groupNameSchema, streamNameSchema } from './settings.js';
import type { LogStore } from './store.js';

const hour = 3_600_000;
const oldest = 14 * 24 * hour;
const newest = 2 * hour;
const longest = 24 * hour;

export function createLogGroup(store: LogStore): JsonAction {
  return logsAction(z.object({ logGroupName: groupNameSchema }), (input, call) => {
    const { accountId, region } = call;
    const group = input.logGroupName;
    if (store.groups(accountId, region).has(group))
      throw alreadyExists('The specified log group already exists');
    store.openGroup({ accountId, region, group });
    return { json: {}, subject: group, effective: true };
  });
}

export function createLogStream(store: LogStore): JsonAction {
  const schema = z.object({ logGroupName: z.string(), logStreamName: streamNameSchema });
  return logsAction(schema, (input, call) => {
    const { accountId, region } = call;
    const group = groupOf(store, input, call);
    const stream = input.logStreamName;
    if (group.streams.has(stream)) throw alreadyExists('The specified log stream already exists');
    store.openStream({ accountId, region, group: group.name, stream });
    return { json: {}, subject: subjectOf(group, stream), effective: true };
  });
}

const putLogEventsSchema = z.object({
  logGroupName: z.string(),
  logStreamName: z.string(),
  logEvents: z
    .array(z.object({ timestamp: z.number().int().min(0), message: z.string().min(1) }))
    .min(1)
    .max(maxEvents),
});
type Batch = z.infer<typeof putLogEventsSchema>;

export function putLogEvents(store: LogStore): JsonAction {
  return logsAction(putLogEventsSchema, (input, call) => putBatch(store, input, call));
}

function putBatch(store: LogStore, input: Batch, call: JsonCall): JsonResult {
  const { accountId, region, now } = call;
  const group = groupOf(store, input, call);
  const stream = streamOf(group, input.logStreamName);
  const { logEvents: events } = input;
  checkBatch(events);
  // They are in order of time, so the old are at the front and the new at the back.
  const old = events.filter((event) => event.timestamp < now - oldest).length;
  const tooNew = events.filter((event) => event.timestamp > now + newest).length;
  const accepted = events.slice(old, events.length - tooNew);
  store.append({ accountId, region, group: group.name, stream: stream.name }, accepted);
  const rejected = {
    ...(old > 0 ? { tooOldLogEventEndIndex: old } : {}),
    ...(tooNew > 0 ? { tooNewLogEventStartIndex: events.length - tooNew } : {}),
  };
  return {
    json: {
      // Ignored by PutLogEvents since 2023, and still answered.
      nextSequenceToken: String(stream.count),
      ...(old + tooNew > 0 ? { rejectedLogEventsInfo: rejected } : {}),
    },
    subject: subjectOf(group, stream.name),
    effective: accepted.length > 0,
  };
}

function checkBatch(events: Batch['logEvents']): void {
  let size = 0;
  let previous = 0;
  for (const { timestamp, message } of events) {
    if (timestamp < previous)
      throw invalidParameter(
        'Log events in a single PutLogEvents request must be in chronological order.',
      );
    previous = timestamp;
    size += Buffer.byteLength(message) + eventOverhead;
  }
  if (size > maxBytes)
    throw invalidParameter(`Upload too large: ${size} bytes exceeds limit of ${maxBytes}`);
  if (previous - (events[0]?.timestamp ?? previous) > longest)
    throw invalidParameter(
      'The batch of log events in a single PutLogEvents request cannot span more than 24 hours.',
    );
}

function alreadyExists(message: string): AwsError {
  return new AwsError('ResourceAlreadyExistsException', message);
}
