import { z } from 'zod';
import { text, textLike } from '../config/fields.js';
import { jobSinkSchema } from '../buildkite/job-sink.js';

const key = textLike(
  /^[\w!.*'()/{}-]{1,500}$/,
  'a prefix of S3 keys without a leading /; {buildId} stands for the id of the build',
);

/** Where a build’s log goes, besides CloudWatch. Each part of it is written once, whatever happens to workers. */
export const logSinkSchema = z.union(
  [
    z.strictObject({
      file: text('a path').describe(
        'A file on the worker’s machine: for --local. {buildId} stands for the id of the build.',
      ),
    }),
    z.strictObject({
      s3: z.strictObject({
        bucket: text('the name of a bucket'),
        prefix: key.default('codebuild-logs/{buildId}/'),
      }),
    }),
    z.strictObject({ buildkite: jobSinkSchema }),
  ],
  { error: 'must be { file: path } or { s3: { bucket, prefix } }' },
);
export type LogSinkSpec = z.infer<typeof logSinkSchema>;
