import { z } from 'zod';
import { imageIdSchema, osNameSchema } from '../../images/names.js';
import { listOf, text, textLike } from '../fields.js';
import { variablesSchema } from './shared.js';

const publicParameterSchema = z.strictObject({
  ssm: textLike(
    /^(\/[\w.-]*(\{arch\})?[\w.-]*)+$/,
    'the name of an SSM parameter, in which {arch} stands for x86_64 or arm64',
  ).describe(
    'SSM parameter that holds the image id, AWS’s public ones among them; {arch} stands for x86_64 or arm64.',
  ),
});

const baseImageSchema = z.union([imageIdSchema, publicParameterSchema], {
  error: 'must be an image id, or { ssm: /aws/service/… }',
});

export const baseOsSchema = z.strictObject({
  name: osNameSchema.describe('What the OS is called in keys, tags and reports.'),
  baseImage: z
    .union(
      [
        imageIdSchema,
        publicParameterSchema,
        z.strictObject({
          byArchitecture: z
            .record(text('an architecture'), baseImageSchema)
            .describe('An image id, or { ssm: … }, for each architecture.'),
        }),
      ],
      {
        error: 'must be an image id, { ssm: /aws/service/… } or { byArchitecture: { x86_64: … } }',
      },
    )
    .describe('The image to build on.'),
  user: textLike(/^[a-z_][\w-]{0,31}$/, 'the name of a user')
    .optional()
    .describe('SSH user.'),
  architectures: listOf(text('an architecture'), 'architectures')
    .optional()
    .describe('Only these of the line’s architectures.'),
  variables: variablesSchema.optional(),
});
export type BaseOs = z.infer<typeof baseOsSchema>;
