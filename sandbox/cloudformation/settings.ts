import { z } from 'zod';

/** How the sandbox's CloudFormation behaves where AWS differs between regions, or states no figure. */
export const cloudFormationSettingsSchema = z.strictObject({
  /** What DescribeStacks says of EnableTerminationProtection when called without a name (boto/boto3#2907). */
  listShowsProtection: z.union([z.literal('omitted'), z.boolean()]).default('omitted'),
  /** Regions that write "Stack X cannot be deleted …" without brackets (ekristen/aws-nuke#703). */
  bracketlessRegions: z.array(z.string()).default([]),
  /** Seconds from DeleteStack until CloudFormation looks whether an export is in use. */
  exportCheckSeconds: z.number().min(0).default(2),
  /** What DescribeAccountLimits answers as ConcurrentResourcesLimit, and DeleteStack enforces. */
  concurrentResourcesLimit: z.number().int().positive().default(5000),
  /** Seconds that CreateStack and UpdateStack take, and the delete of a stack made by CreateStack. */
  createSeconds: z.number().min(0).default(20),
  updateSeconds: z.number().min(0).default(10),
  deleteSeconds: z.number().min(0).default(30),
});
export type CloudFormationSettings = z.infer<typeof cloudFormationSettingsSchema>;

export const defaultCloudFormationSettings: CloudFormationSettings =
  cloudFormationSettingsSchema.parse({});
