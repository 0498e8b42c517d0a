import { z } from 'zod';
import { stackFailureSchema } from '../cloudformation/failures.js';

const stackName = z
  .string()
  .regex(/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/, 'a stack name is letters, digits and hyphens');

/** A value written in full, or just by the name that it has. */
const exportSchema = z.union([
  z.string().min(1),
  z.strictObject({
    name: z.string().min(1),
    value: z.string().optional(),
    output: z.string().optional(),
  }),
]);

const resourceSchema = z.strictObject({
  logicalId: z.string().regex(/^[a-zA-Z0-9]+$/, 'a logical id is letters and digits'),
  type: z.string().regex(/^\w+::\w+(::\w+)?$/, 'a resource type looks like AWS::SQS::Queue'),
  physicalId: z.string().min(1).optional(),
  /** `DeletionPolicy: Retain`. */
  retain: z.boolean().default(false),
});

export const stackStatuses = [
  'CREATE_IN_PROGRESS',
  'CREATE_FAILED',
  'CREATE_COMPLETE',
  'ROLLBACK_IN_PROGRESS',
  'ROLLBACK_FAILED',
  'ROLLBACK_COMPLETE',
  'DELETE_IN_PROGRESS',
  'DELETE_FAILED',
  'DELETE_COMPLETE',
  'UPDATE_IN_PROGRESS',
  'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
  'UPDATE_COMPLETE',
  'UPDATE_FAILED',
  'UPDATE_ROLLBACK_IN_PROGRESS',
  'UPDATE_ROLLBACK_FAILED',
  'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
  'UPDATE_ROLLBACK_COMPLETE',
  'REVIEW_IN_PROGRESS',
  'IMPORT_COMPLETE',
] as const;

/** One stack of the fleet. Times are sandbox time. */
export const stackSpecSchema = z.strictObject({
  name: stackName,
  description: z.string().optional(),
  tags: z.record(z.string(), z.string()).default({}),
  parameters: z.record(z.string(), z.string()).default({}),
  /** Days since it was created. */
  ageDays: z.number().min(0).default(7),
  /** Days since it was last updated; never when not given. */
  updatedDaysAgo: z.number().min(0).optional(),
  /** How long its delete takes, nested stacks not counted. */
  deleteSeconds: z.number().min(0).default(30),
  /** Names that it exports. */
  exports: z.array(exportSchema).default([]),
  /** Names that it imports with Fn::ImportValue. */
  imports: z.array(z.string()).default([]),
  /** What it reads with Fn::GetStackOutput. */
  stackOutputs: z
    .array(
      z.strictObject({
        stack: stackName,
        output: z.string().min(1),
        region: z.string().optional(),
        roleArn: z.string().optional(),
      }),
    )
    .default([]),
  /** Outputs that aren't exported. */
  outputs: z.record(z.string(), z.string()).default({}),
  /** Termination protection. */
  protected: z.boolean().default(false),
  status: z.enum(stackStatuses).default('CREATE_COMPLETE'),
  statusReason: z.string().optional(),
  /** An `…_IN_PROGRESS` status ends after so long; never when not given. */
  statusSeconds: z.number().positive().optional(),
  /** Role that CloudFormation was given when the stack was created. */
  roleArn: z.string().optional(),
  /** How many resources it has (of common types), or which. */
  resources: z.union([z.number().int().min(0).max(500), z.array(resourceSchema)]).default(3),
  /** Buckets that are resources of the stack; `buckets` of the fleet may fill them. */
  buckets: z.array(z.string().min(3)).default([]),
  failures: z.array(stackFailureSchema).default([]),
  /** Stacks that go with this one. */
  get nested(): z.ZodDefault<z.ZodArray<typeof stackSpecSchema>> {
    return z.array(stackSpecSchema).default([]);
  },
  /** The template as text; made up from the rest when not given. */
  template: z.string().optional(),
  templateFormat: z.enum(['json', 'yaml']).default('json'),
});

export type StackSpec = z.infer<typeof stackSpecSchema>;
export type StackSpecInput = z.input<typeof stackSpecSchema>;

/** A stack with the account (id or name) and region that it is in. */
export const placedStackSchema = stackSpecSchema.extend({
  account: z.string(),
  region: z.string(),
});
export type PlacedStack = z.infer<typeof placedStackSchema>;
export type PlacedStackInput = z.input<typeof placedStackSchema>;
