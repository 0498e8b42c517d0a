import { z } from 'zod';
import { text } from '../config/fields.js';

/** The log of a Buildkite job, as a sink of a build's log. Set by `buildkiteJob`, not by people. */
export const jobSinkSchema = z.strictObject({
  jobId: text('the UUID of a job'),
  endpoint: text('a URL'),
  /** The sealed session of the agent that runs the job. */
  session: text('a sealed session'),
  /** Uncompressed bytes of a chunk, at most. */
  chunkBytes: z.number().int().positive(),
  /** Uncompressed bytes of the whole log, at most. */
  logMaxBytes: z.number().int().positive(),
});
export type JobSink = z.infer<typeof jobSinkSchema>;
