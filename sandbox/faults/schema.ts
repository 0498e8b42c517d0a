import { z } from 'zod';

/** Which calls a fault concerns; what isn't given matches all. */
const scope = {
  account: z.string().optional(),
  region: z.string().optional(),
  service: z.string().optional(),
  actions: z.array(z.string()).optional(),
};
const share = z.number().min(0).max(1);

/** Ways in which the sandbox misbehaves on request. All milliseconds and seconds are sandbox time. */
export const faultSchema = z.discriminatedUnion('kind', [
  /** A share of calls is refused with `Throttling: Rate exceeded`. */
  z.strictObject({ kind: z.literal('throttle'), ...scope, share }),
  /** Answers take this long. */
  z.strictObject({
    kind: z.literal('latency'),
    ...scope,
    share: share.default(1),
    minMs: z.number().min(0),
    maxMs: z.number().min(0),
  }),
  /** The connection breaks before the call had an effect, or after it. */
  z.strictObject({
    kind: z.literal('loseResponse'),
    ...scope,
    share,
    when: z.enum(['before', 'after']).default('after'),
  }),
  /** A share of reads shows how things were a while ago. Honoured by DescribeStacks and ListStacks. */
  z.strictObject({
    kind: z.literal('staleRead'),
    ...scope,
    share,
    seconds: z.number().positive(),
  }),
  /** AssumeRole is denied: for an account, a role, or both. */
  z.strictObject({
    kind: z.literal('denyRole'),
    account: z.string().optional(),
    role: z.string().optional(),
  }),
  /** The region is not enabled (in one account, or in all). */
  z.strictObject({
    kind: z.literal('disableRegion'),
    account: z.string().optional(),
    region: z.string(),
  }),
  /** These actions are refused with `AccessDenied`, as by a service control policy. */
  z.strictObject({ kind: z.literal('denyActions'), ...scope, actions: z.array(z.string()).min(1) }),
]);

export type Fault = z.infer<typeof faultSchema>;
export type FaultInput = z.input<typeof faultSchema>;
