import { z } from 'zod';
import { bodyOf, type BuildkiteReply } from '../call.js';
import { badRequest } from '../refusal.js';
import type { StackCall } from './limited.js';

const mostInCall = 1000;
const mostOfJob = 100;
const mostCharacters = 256;
const afterEndMs = 300_000;

const notificationsSchema = z.object({
  notifications: z.array(
    z.object({
      job_uuid: z.string(),
      detail: z.string().default(''),
      timestamp: z.string().optional(),
    }),
    { error: 'is required' },
  ),
});
type Given = z.infer<typeof notificationsSchema>['notifications'][number];

/** POST stacks/:key/notifications: those that can be are written, the others named with what is wrong. */
export function notify(call: StackCall): BuildkiteReply {
  const { notifications } = bodyOf(call, notificationsSchema);
  if (notifications.length > mostInCall)
    throw badRequest(`notifications has at most ${mostInCall}`);
  const errors = new Map<string, number[]>();
  notifications.forEach((given, index) => {
    const error = write(call, given);
    if (error !== undefined) errors.set(error, [...(errors.get(error) ?? []), index]);
  });
  return {
    json: { errors: [...errors].map(([error, indexes]) => ({ error, indexes })) },
    effective: notifications.length > 0,
  };
}

/** What is wrong with it; it is written when nothing is. The words are Buildkite's where its docs have them. */
function write(call: StackCall, given: Given): string | undefined {
  const { detail } = given;
  const job = call.buildkite.jobs.find(given.job_uuid);
  if (!job) return 'job not found';
  if (detail === '') return 'detail is required';
  if (Array.from(detail).length > mostCharacters)
    return `detail exceeds its length limit of ${mostCharacters}`;
  if (job.notifications.length >= mostOfJob) return 'job stack notification count exceeded';
  if (job.endedAt !== undefined && call.now - job.endedAt > afterEndMs)
    return `job finished more than ${afterEndMs / 1000} seconds ago`;
  const time = given.timestamp === undefined ? call.now : Date.parse(given.timestamp);
  if (Number.isNaN(time)) return 'timestamp is invalid';
  if (time > call.now) return 'timestamp cannot be in the future';
  if (time < job.scheduledAt) return 'timestamp cannot be before job creation time';
  job.notifications.push({
    stack: call.stack.key,
    detail,
    timestamp: new Date(time).toISOString(),
  });
  return undefined;
}
