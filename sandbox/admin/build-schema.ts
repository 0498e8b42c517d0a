import { z } from 'zod';

/** What the admin API is asked and answers about builds. Times are sandbox time, ISO 8601. */

/** A build as it truly is now, whatever lists show of it. */
export const buildStateSchema = z.object({
  id: z.string(),
  arn: z.string(),
  status: z.string(),
  account: z.string(),
  region: z.string(),
  project: z.string(),
  /** The phase it is in; COMPLETED at its end. */
  phase: z.string().optional(),
  /** Its variables, those of the project among them, by name. */
  env: z.record(z.string(), z.object({ value: z.string(), type: z.string() })),
  started: z.string(),
  ended: z.string().optional(),
  /** Exit status of the command that failed. */
  exit: z.number().optional(),
  /** ARN of the build that CodeBuild started this one for, after it had failed. */
  retryOf: z.string().optional(),
});
export type BuildState = z.infer<typeof buildStateSchema>;

/** A build's whole log, what can't be read yet included. */
export const buildLogStateSchema = z.object({
  bytes: z.number(),
  /** Of the UTF-8 text, in hex. */
  sha256: z.string(),
  /** Up to 5 MB, or when it is asked for. */
  text: z.string().optional(),
});
export type BuildLogState = z.infer<typeof buildLogStateSchema>;

/** Ends a build that goes on, as if AWS did. */
export const changeBuildSchema = z.strictObject({
  /** Id or ARN. */
  id: z.string(),
  status: z.enum(['FAILED', 'FAULT', 'TIMED_OUT', 'STOPPED']),
  /** In the phase's context. */
  message: z.string().optional(),
  statusCode: z.string().optional(),
});
export type BuildChange = z.infer<typeof changeBuildSchema>;
