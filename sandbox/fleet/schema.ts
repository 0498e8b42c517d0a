import { z } from 'zod';
import { buildkiteSettingsSchema } from '../buildkite/settings.js';
import { cloudFormationSettingsSchema } from '../cloudformation/settings.js';
import { placedProjectSchema } from '../codebuild/project-schema.js';
import { codeBuildSettingsSchema } from '../codebuild/settings.js';
import { placedImageSchema } from '../ec2/images/seed.js';
import { ec2SettingsSchema } from '../ec2/settings.js';
import { quotaSchema } from '../faults/quotas.js';
import { faultSchema } from '../faults/schema.js';
import { gitlabSettingsSchema } from '../gitlab/settings.js';
import { placedPipelineSchema } from '../imagebuilder/pipeline-schema.js';
import { logsSettingsSchema, placedLogGroupSchema } from '../logs/settings.js';
import { mirrorsSchema } from '../mirror/schema.js';
import { generateSchema } from './generate-schema.js';
import { placedStackSchema } from './stack-schema.js';

const accountId = z.string().regex(/^\d{12}$/, 'an account id has 12 digits (write it in quotes)');
const region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a region looks like ap-southeast-2');

/** A role that can be assumed: its name, or more about it. */
const roleSchema = z.union([
  z.string().transform((name) => ({ name, externalId: undefined })),
  z.strictObject({
    name: z.string().min(1),
    /** AssumeRole is refused without it. */
    externalId: z.string().optional(),
  }),
]);

const parameterSchema = z.strictObject({
  name: z.string().min(1),
  value: z.string(),
  type: z.enum(['String', 'StringList', 'SecureString']).default('String'),
  /** The management account when not given; every account for AWS's own, `/aws/service/…`. */
  account: z.string().optional(),
  /** Every region of the account when not given. */
  region: z.string().optional(),
});

const accountSchema = z.strictObject({
  id: accountId,
  name: z.string().min(1),
  /** Regions that it has enabled; those of the fleet when not given. */
  regions: z.array(region).optional(),
  /** Roles that it has besides the fleet's. */
  roles: z.array(roleSchema).default([]),
  /** Organizational unit that it is in; the root when not given. */
  unit: z.string().optional(),
});

const bucketSchema = z.strictObject({
  account: z.string(),
  region,
  name: z.string().min(3).max(63),
  tags: z.record(z.string(), z.string()).optional(),
  ageDays: z.number().min(0).default(7),
  objects: z.number().int().min(0).optional(),
  versions: z.number().int().min(0).optional(),
  deleteMarkers: z.number().int().min(0).optional(),
  uploads: z.number().int().min(0).optional(),
  prefixes: z.number().int().min(1).optional(),
  locked: z.number().int().min(0).optional(),
  versioning: z.enum(['Enabled', 'Suspended']).optional(),
  objectSize: z.number().int().min(0).optional(),
});

const snapshotSchema = z.strictObject({
  account: z.string(),
  region,
  id: z.string().min(1),
  tags: z.record(z.string(), z.string()).optional(),
  ageDays: z.number().min(0).default(7),
  instance: z.string().optional(),
  engine: z.string().optional(),
  type: z.enum(['manual', 'automated', 'shared']).optional(),
  /** Owner of a shared one. */
  owner: accountId.optional(),
  status: z.string().optional(),
  /** Sandbox seconds until a snapshot of another status is available. */
  availableAfter: z.number().positive().optional(),
  encrypted: z.boolean().optional(),
});

/** What a sandbox starts with. */
export const fleetSchema = z.strictObject({
  /** Seed of everything that is left to chance. */
  seed: z.number().int().default(1),
  managementAccount: accountId.default('000000000000'),
  /** Organization that the accounts are in. */
  organizationId: z.string().default('o-sandbox000'),
  /** Regions that every account has enabled, unless it lists its own. */
  regions: z.array(region).min(1),
  /** Regions that AWS has but no account of the fleet has enabled. */
  disabledRegions: z.array(region).default([]),
  accounts: z.array(accountSchema).min(1),
  /** Roles that every account of the fleet has. */
  roles: z.array(roleSchema).default([{ name: 'nightshift-spoke', externalId: undefined }]),
  /** Writes a parameter `<path>/<account name>` with the account's id for each account. */
  accountParameters: z.string().startsWith('/').optional(),
  parameters: z.array(parameterSchema).default([]),
  stacks: z.array(placedStackSchema).default([]),
  generate: z.array(generateSchema).default([]),
  buckets: z.array(bucketSchema).default([]),
  snapshots: z.array(snapshotSchema).default([]),
  cloudformation: cloudFormationSettingsSchema.prefault({}),
  s3: z
    .strictObject({
      /** Deletes per sandbox second and prefix. */
      deletesPerSecond: z.number().positive().default(3500),
      uploadsBlockDelete: z.boolean().default(true),
    })
    .prefault({}),
  projects: z.array(placedProjectSchema).default([]),
  codebuild: codeBuildSettingsSchema.prefault({}),
  images: z.array(placedImageSchema).default([]),
  ec2: ec2SettingsSchema.prefault({}),
  imagePipelines: z.array(placedPipelineSchema).default([]),
  logGroups: z.array(placedLogGroupSchema).default([]),
  logs: logsSettingsSchema.prefault({}),
  buildkite: buildkiteSettingsSchema.prefault({}),
  gitlab: gitlabSettingsSchema.prefault({}),
  mirrors: mirrorsSchema.default([]),
  faults: z.array(faultSchema).default([]),
  quotas: z.array(quotaSchema).default([]),
});

/** A fleet, checked and with its defaults. */
export type Fleet = z.infer<typeof fleetSchema>;
/** A fleet as it is written. */
export type FleetInput = z.input<typeof fleetSchema>;
export type FleetAccount = Fleet['accounts'][number];
export type FleetRole = Fleet['roles'][number];
