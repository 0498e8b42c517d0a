import { z } from 'zod';
import { AwsError } from '../core/aws-error.js';
import { jsonAction, type JsonAction, type JsonCall, type JsonResult } from '../core/aws-json.js';
import type { LogGroup } from './group.js';
import type { LogStore } from './store.js';
import type { LogStream } from './stream.js';

export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}

export function invalidToken(): AwsError {
  return invalidParameter('The specified nextToken is invalid.');
}

/** An action whose input has a shape. CloudWatch Logs calls other input an invalid parameter. */
export function logsAction<T>(
  schema: z.ZodType<T>,
  run: (input: T, call: JsonCall) => JsonResult,
): JsonAction {
  const action = jsonAction(schema, run);
  return (call) => {
    try {
      return action(call);
    } catch (error) {
      if (!(error instanceof AwsError) || error.code !== 'ValidationException') throw error;
      throw invalidParameter(error.message);
    }
  };
}

/** Where an action takes the name of its group, or name or ARN: one of the two. */
export const groupReference = {
  logGroupName: z.string().min(1).optional(),
  logGroupIdentifier: z
    .string()
    .regex(/^[\w#+=/:,.@-]+$/, 'the name of a log group or its ARN without a * at the end')
    .optional(),
};
type GroupReference = z.infer<z.ZodObject<typeof groupReference>>;

/** @throws AwsError when it isn't there, or when it isn't named in one way */
export function groupOf(store: LogStore, reference: GroupReference, call: JsonCall): LogGroup {
  const group = store.groups(call.accountId, call.region).get(groupName(reference, call));
  if (group) return group;
  throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
}

/** @throws AwsError when it isn't there */
export function streamOf(group: LogGroup, name: string): LogStream {
  const stream = group.streams.get(name);
  if (stream) return stream;
  throw new AwsError('ResourceNotFoundException', 'The specified log stream does not exist.');
}

/** What the ledger calls a stream: names of groups have no colon. */
export function subjectOf(group: LogGroup, stream: string): string {
  return `${group.name}:${stream}`;
}

/** Sandbox ms that a read shows: that of the call, unless the read is a stale one. */
export function seenAt({ request, now }: JsonCall): number {
  return request.asOf ?? now;
}

function groupName(reference: GroupReference, call: JsonCall): string {
  const { logGroupName, logGroupIdentifier } = reference;
  if (logGroupName !== undefined && logGroupIdentifier !== undefined)
    throw invalidParameter('LogGroup name and LogGroup ARN are mutually exclusive parameters.');
  const name = logGroupName ?? logGroupIdentifier;
  if (name === undefined)
    throw invalidParameter('Either logGroupName or logGroupIdentifier must be given.');
  const arn = `arn:aws:logs:${call.region}:${call.accountId}:log-group:`;
  return name.startsWith(arn) ? name.slice(arn.length) : name;
}
