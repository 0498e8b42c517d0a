import { z } from 'zod';

const seconds = z.number().min(0);

/** How the sandbox's CodeBuild behaves where AWS states no figure, or lets an account have its own. */
export const codeBuildSettingsSchema = z.strictObject({
  /** Whether the commands of a build really run, for projects that don't say. */
  execute: z.boolean().default(false),
  /** Builds that run at once in each account and region; five times as many may wait. */
  concurrentBuilds: z.number().int().positive().default(60),
  /** Seconds from PROVISIONING until a build names its log group and stream. */
  streamDelaySeconds: seconds.default(0),
  /** Seconds from when a line is written until it can be read. */
  lateLogSeconds: seconds.default(1),
  /** Seconds until a new build is in ListBuilds and ListBuildsForProject. */
  listDelaySeconds: seconds.default(2),
  /** Seconds until BatchGetBuilds finds a new build. */
  getDelaySeconds: seconds.default(0),
  /** Seconds from StopBuild until the build is STOPPED. */
  stopSeconds: seconds.default(1),
  /** Seconds from the end of a build that failed until CodeBuild starts another. */
  autoRetrySeconds: seconds.default(2),
  /** Secrets, by name, that variables of type SECRETS_MANAGER read; the same in all accounts and regions. */
  secrets: z.record(z.string().min(1), z.string()).default({}),
});
export type CodeBuildSettings = z.infer<typeof codeBuildSettingsSchema>;
