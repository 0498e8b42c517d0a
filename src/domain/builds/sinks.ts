import { z } from 'zod';
import { text } from '../config/fields.js';
import { jobSinkSchema } from '../buildkite/job-sink.js';

/** Where a build’s log goes, besides CloudWatch. Each part of it is written once, whatever happens to workers. */
export const logSinkSchema = z.union(
  [
    z.strictObject({
      file: text('a path').describe(
        'A file on the worker’s machine: for --local. {buildId} stands for the id of the build.',
      ),
    }),
    z.strictObject({ buildkite: jobSinkSchema }),
  ],
  { error: 'must be { file: path }' },
);
export type LogSinkSpec = z.infer<typeof logSinkSchema>;
