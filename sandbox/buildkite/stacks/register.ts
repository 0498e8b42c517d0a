import { z } from 'zod';
import { bodyOf, expectClusterToken, type BuildkiteCall, type BuildkiteReply } from '../call.js';
import { BuildkiteRefusal, notFound } from '../refusal.js';
import type { StackCall } from './limited.js';
import { queueOf } from './stacks.js';

const required = z.string({ error: 'is required' });
const registerSchema = z.object({
  key: required
    .regex(/^[\w-]+$/, 'letters, digits, _ and - only')
    .refine((key) => Buffer.byteLength(key) <= 80, 'has at most 80 bytes'),
  type: z.enum(['kubernetes', 'elastic', 'custom'], {
    error: 'must be kubernetes, elastic or custom',
  }),
  queue_key: required.min(1, 'is required'),
  metadata: z
    .record(z.string().max(64), z.string().max(256), { error: 'is required' })
    .refine((metadata) => Object.keys(metadata).length <= 100, 'has at most 100 keys'),
});

/** POST stacks/register: a new stack (201) or a known one (200). */
export function registerStack(call: BuildkiteCall): BuildkiteReply {
  expectClusterToken(call);
  const { buildkite, now } = call;
  const body = bodyOf(call, registerSchema);
  const queue = queueOf(body.queue_key);
  if (!buildkite.hasQueue(queue)) throw notFound(`The cluster has no queue "${queue}"`);
  const { maxStacks = Infinity } = buildkite.settings;
  const isFull = !buildkite.stacks.find(body.key) && buildkite.stacks.all().length >= maxStacks;
  if (isFull) throw new BuildkiteRefusal(403, `The organization has ${maxStacks} stacks already`);
  const { key, type, metadata } = body;
  const { stack, isNew } = buildkite.stacks.register({ key, type, queue, metadata }, now);
  return {
    status: isNew ? 201 : 200,
    json: {
      id: stack.id,
      organization_uuid: '00000000-0000-4000-8000-000000000000',
      key,
      type,
      cluster_queue_key: queue,
      metadata,
      last_connected_on: new Date(stack.lastPolledAt).toISOString(),
      state: 'connected',
    },
    subject: key,
    effective: isNew,
  };
}

/** POST stacks/:key/deregister. What it has reserved stays so until that expires. */
export function deregisterStack({ buildkite, stack }: StackCall): BuildkiteReply {
  buildkite.stacks.deregister(stack.key);
  return { status: 204, effective: true };
}
