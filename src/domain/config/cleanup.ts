import { z } from 'zod';
import { durationOfAtLeast } from '../duration-schema.js';

const wait = (what: string, standard: string) =>
  durationOfAtLeast('10ms').default(standard).describe(what);

/** How long to wait before a delete is tried again that failed for a reason that goes away by itself. */
export const waitsSchema = z.strictObject({
  // Users report 25 to 45 minutes, at most ten waits are made.
  networkInterfaces: wait('Network interfaces of a Lambda function are still being removed.', '5m'),
  // 15 minutes to hours; at most twelve waits are made.
  replicatedFunction: wait('A Lambda@Edge function still has replicas.', '20m'),
  throttled: wait('A service behind CloudFormation throttled it.', '30s'),
  busy: wait('Another operation is under way on the stack.', '30s'),
});
export type Waits = z.infer<typeof waitsSchema>;

/** How a cleanup behaves, whatever its policies select. */
export const cleanupSchema = z.strictObject({
  newStacks: z
    .enum(['leave', 'next-pass'])
    .default('leave')
    .describe(
      'What becomes of a stack that is created or re-created during the run and that a policy selects: left for another run, or deleted in the next pass.',
    ),
  onBusyTarget: z
    .enum(['wait', 'refuse'])
    .default('wait')
    .describe(
      'What a run does about a target that another run holds: waits for its turn, or reports the target as failed.',
    ),
  deleteTimeout: durationOfAtLeast('1s')
    .default('4h')
    .describe('How long one delete may take before it is reported as failed.'),
  approvalTimeout: durationOfAtLeast('1s')
    .default('24h')
    .describe(
      'How long a run waits for approval before it is refused; its targets are held meanwhile.',
    ),
  waits: waitsSchema
    .prefault({})
    .describe('How long to wait before a delete is tried again, by the reason of its failure.'),
});
export type CleanupSettings = z.infer<typeof cleanupSchema>;
