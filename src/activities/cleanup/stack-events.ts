import {
  type CloudFormationClient,
  type StackEvent as AwsStackEvent,
  paginateDescribeStackEvents,
} from '@aws-sdk/client-cloudformation';
import type { StackEvent } from '../../domain/cleanup/result.js';

/** Pages of events to look through for those of one attempt: 100 events each. */
const mostPages = 30;
/** Events kept for the report. */
const mostKept = 20;
const longestReason = 500;

/**
 * Events of one attempt at a delete, newest first: those that carry its ClientRequestToken, or,
 * without one, those since `since`. Reads no further than the attempt's beginning.
 */
export async function attemptEvents(
  client: CloudFormationClient,
  stackId: string,
  attempt: { token?: string; since: string },
  signal: AbortSignal,
): Promise<AwsStackEvent[]> {
  const since = Date.parse(attempt.since);
  const events: AwsStackEvent[] = [];
  let pages = 0;
  for await (const page of paginateDescribeStackEvents(
    { client },
    { StackName: stackId },
    { abortSignal: signal },
  )) {
    for (const event of page.StackEvents ?? []) {
      const ours =
        attempt.token === undefined
          ? (event.Timestamp?.getTime() ?? 0) >= since
          : event.ClientRequestToken === attempt.token;
      if (ours) events.push(event);
      else if (events.length > 0 || attempt.token === undefined) return events;
    }
    pages += 1;
    if (pages === mostPages) break;
  }
  return events;
}

/** The events that explain a failure, trimmed so that thousands of stacks fit in a result. */
export function explaining(events: readonly AwsStackEvent[]): StackEvent[] {
  const telling = events.filter(
    (event) =>
      /FAILED|SKIPPED|COMPLETE/.test(event.ResourceStatus ?? '') &&
      event.ResourceStatus !== 'DELETE_COMPLETE',
  );
  return telling.slice(0, mostKept).map((event) => ({
    time: event.Timestamp?.toISOString() ?? '',
    logicalId: event.LogicalResourceId ?? '',
    type: event.ResourceType ?? '',
    status: event.ResourceStatus ?? '',
    ...(event.PhysicalResourceId ? { physicalId: event.PhysicalResourceId } : {}),
    ...(event.ResourceStatusReason
      ? { reason: event.ResourceStatusReason.slice(0, longestReason) }
      : {}),
  }));
}
