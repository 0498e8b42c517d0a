import { z } from 'zod';

/** How the sandbox's CloudWatch Logs behaves. */
export const logsSettingsSchema = z.strictObject({
  /** Share of the pages that are empty although more is to come. Which ones follows from the fleet's seed. */
  emptyPageShare: z.number().min(0).max(0.9).default(0.05),
  /** Share of the pages that hold less than would fit. */
  partialPageShare: z.number().min(0).max(1).default(0.05),
  /** Sandbox hours for which a token of GetLogEvents is good. */
  tokenHours: z.number().positive().default(24),
});
export type LogsSettings = z.infer<typeof logsSettingsSchema>;

export const groupNameSchema = z
  .string()
  .regex(/^[.\-_/#A-Za-z0-9]{1,512}$/, 'a log group has 1 to 512 of a-z, A-Z, 0-9 and _ - / . #');
export const streamNameSchema = z
  .string()
  .regex(/^[^:*]{1,512}$/, 'a log stream has 1 to 512 characters, without : and *');

/** A log group that a fleet starts with. */
export const placedLogGroupSchema = z.strictObject({
  /** Id or name. */
  account: z.string(),
  region: z.string(),
  name: groupNameSchema,
  retentionDays: z.number().int().min(1).optional(),
  streams: z
    .array(
      z.strictObject({
        name: streamNameSchema,
        /** One event a line, without a line break; one a second, the last of them now. */
        lines: z.array(z.string().min(1)).default([]),
      }),
    )
    .default([]),
});
export type PlacedLogGroup = z.infer<typeof placedLogGroupSchema>;
