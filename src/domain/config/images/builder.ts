import { z } from 'zod';
import { buildOverridesShape, projectNameSchema } from '../../builds/overrides.js';
import { infrastructureRetrySchema } from '../../builds/retry-schema.js';
import { durationFromTo } from '../../duration-schema.js';
import { text, textLike } from '../fields.js';
import { gitlabProjectShape } from './gitlab-project.js';
import { oneOfKeys, variablesSchema } from './shared.js';

/** A CodeBuild project and what its builds have otherwise. */
export const codebuildShape = {
  project: projectNameSchema.describe('The CodeBuild project.'),
  ...buildOverridesShape,
};

export const builderSchema = oneOfKeys(
  z.strictObject({
    codebuild: z
      .strictObject({
        ...codebuildShape,
        retry: infrastructureRetrySchema
          .optional()
          .describe('What is done when CodeBuild itself fails; commands are never run again.'),
        manifest: textLike(/^[\w.-]+(\/[\w.-]+)*$/, 'the path of a file in the build’s artifact')
          .optional()
          .describe(
            'Packer’s manifest in the build’s artifact (not zipped); absent: the log’s line NIGHTSHIFT_MANIFEST {…}.',
          ),
      })
      .optional()
      .describe('A CodeBuild project that runs Packer.'),
    gitlab: z
      .strictObject({
        ...gitlabProjectShape,
        ref: text('a branch or tag').default('main').describe('What the pipeline runs on.'),
        variables: variablesSchema.optional(),
        manifest: textLike(/^[\w.-]+(\/[\w.-]+)*$/, 'the path of a file in the job’s artifacts')
          .default('manifest.json')
          .describe('Packer’s manifest in a job’s artifacts; else the log’s line is looked for.'),
        manual: z
          .enum(['fail', 'wait'])
          .default('fail')
          .describe('What a pipeline is that waits for a person: failed, or waited for.'),
        timeout: durationFromTo('1s', '48h').default('6h').describe('How long it may take.'),
      })
      .optional()
      .describe('A GitLab pipeline.'),
    imageBuilder: z
      .strictObject({
        pipeline: textLike(
          /^[\w{}/:.-]{1,200}$/,
          'the name or ARN of an image pipeline, in which {os} and {arch} are filled in',
        ).describe('The image pipeline; {os} and {arch} are filled in.'),
        parameter: textLike(
          /^(\/[\w.{}-]+)+$/,
          'the name of an SSM parameter, in which {os} and {arch} are filled in',
        )
          .optional()
          .describe(
            'SSM parameter that is given the build’s variables as JSON before a pipeline starts, for its component to read: a pipeline takes no parameters.',
          ),
        timeout: durationFromTo('1s', '48h').default('12h').describe('How long it may take.'),
      })
      .optional()
      .describe('An EC2 Image Builder pipeline.'),
  }),
  'builder',
);
export type Builder = z.infer<typeof builderSchema>;
