import { z } from 'zod';
import { regionNameSchema, ssmParameterSchema, textLike } from '../fields.js';
import { gitlabProjectShape } from './gitlab-project.js';
import { oneOfKeys } from './shared.js';

const formatSchema = z
  .enum(['json', 'versions'])
  .default('json')
  .describe(
    'json: Nightshift’s own; versions: a version per line, of those that every base OS and architecture has.',
  );

export const trackerSchema = oneOfKeys(
  z.strictObject({
    ssm: z
      .union(
        [
          ssmParameterSchema,
          z.strictObject({
            name: ssmParameterSchema.describe('Name of the parameter.'),
            region: regionNameSchema.optional().describe('That of the line when absent.'),
            format: formatSchema,
          }),
        ],
        { error: 'must be the name of an SSM parameter, or { name, region, format }' },
      )
      .optional()
      .describe('An SSM parameter in the line’s account.'),
    gitlab: z
      .strictObject({
        ...gitlabProjectShape,
        name: textLike(
          /^[\w.-]+$/,
          'the name of a secure file: letters, digits and . _ -',
        ).describe('Name of the secure file.'),
        format: formatSchema,
      })
      .optional()
      .describe('A secure file of a GitLab project.'),
  }),
  'store',
);
export type Tracker = z.infer<typeof trackerSchema>;
