import { z } from 'zod';
import { bodyOf, jobOf, type BuildkiteCall, type BuildkiteReply } from '../call.js';
import { environmentOf } from '../environment.js';
import { badRequest } from '../refusal.js';
import type { StackCall } from './limited.js';

const mostJobs = 1000;
const uuids = z.array(z.string());

function uuidsOf(call: BuildkiteCall): string[] {
  const { job_uuids } = bodyOf(call, z.object({ job_uuids: z.unknown().optional() }));
  const parsed = uuids.safeParse(job_uuids);
  if (!parsed.success) throw badRequest('job_uuids must be an array of strings');
  if (parsed.data.length > mostJobs) throw badRequest(`job_uuids has at most ${mostJobs}`);
  return parsed.data;
}

/** PUT stacks/:key/scheduled-jobs/batch-reserve: nobody else sees them until then; again extends it. */
export function batchReserve(call: StackCall): BuildkiteReply {
  const { buildkite, now, stack } = call;
  const wanted = uuidsOf(call);
  const { reservation_expiry_seconds: given = 900 } = bodyOf(
    call,
    z.object({ reservation_expiry_seconds: z.unknown().optional() }),
  );
  if (!z.number().int().min(1).max(3600).safeParse(given).success)
    throw badRequest('reservation_expiry_seconds must be a whole number from 1 to 3600');
  const until = now + Number(given) * 1000;
  const reserved = wanted.filter((uuid) => {
    const job = buildkite.jobs.find(uuid);
    return job !== undefined && buildkite.lifecycle.reserve(job, stack.key, until);
  });
  const has = new Set(reserved);
  return {
    json: { reserved, not_reserved: wanted.filter((uuid) => !has.has(uuid)) },
    effective: reserved.length > 0,
  };
}

/** GET stacks/:key/jobs/:id. */
export function getJob(call: StackCall): BuildkiteReply {
  const job = jobOf(call);
  return { json: { id: job.uuid, env: environmentOf(job), command: job.spec.command } };
}

/** POST stacks/:key/jobs/get-states: of those that there are. */
export function getStates(call: StackCall): BuildkiteReply {
  const states = uuidsOf(call).flatMap((uuid): [string, string][] => {
    const job = call.buildkite.jobs.find(uuid);
    return job ? [[uuid, job.state]] : [];
  });
  return { json: { states: Object.fromEntries(states) } };
}

const finishSchema = z.object({
  exit_status: z.number().int().default(-1),
  detail: z
    .string({ error: 'is required' })
    .min(1, 'is required')
    .refine((detail) => Buffer.byteLength(detail) <= 4096, 'has at most 4096 bytes'),
});

/** POST stacks/:key/jobs/:id/finish: once, for a job that no agent has. */
export function finishByStack(call: StackCall): BuildkiteReply {
  const { exit_status, detail } = bodyOf(call, finishSchema);
  const { buildkite, stack, now } = call;
  buildkite.lifecycle.finishByStack(jobOf(call), stack.key, exit_status, detail, now);
  return { json: {}, effective: true };
}
