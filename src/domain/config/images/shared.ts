import { z } from 'zod';
import { httpUrl, keysGiven, regionNameSchema, ssmParameterSchema, textLike } from '../fields.js';

export const urlSchema = httpUrl('a URL of http or https');

/** A secret: the config says where it is kept, as settings are in histories. `example` names such a parameter. */
export function secretSchema(secret: string, example: string) {
  const error = `must name the SSM parameter that holds ${secret}, as { ssm: ${example} }; what it holds is a secret and does not belong in a file`;
  return z.strictObject(
    {
      ssm: ssmParameterSchema.describe(
        `SSM SecureString in the management account that holds ${secret}.`,
      ),
      region: regionNameSchema.optional().describe('Region of the parameter.'),
    },
    // A key that is none is told as such.
    { error: ({ code }) => (code === 'invalid_type' ? error : undefined) },
  );
}

/** Exactly one of several keys, with an error that says which there are. */
export function oneOfKeys<T extends z.ZodObject>(schema: T, what: string) {
  const keys = Object.keys(schema.shape);
  return schema
    .superRefine((value, context) => {
      const given = keysGiven(value, keys);
      if (given.length === 1) return;
      const found = given.length === 0 ? 'none is given' : `${given.join(' and ')} are given`;
      context.addIssue({
        code: 'custom',
        message: `must hold exactly one ${what} (${keys.join(', ')}); ${found}`,
      });
    })
    .meta({ oneOf: keys.map((key) => ({ required: [key] })) });
}

export const variablesSchema = z
  .record(
    textLike(/^[A-Za-z_]\w*$/, 'the name of an environment variable'),
    z.string({ error: 'must be text: put it in quotes' }),
  )
  .describe('Environment variables of the build, besides those that Nightshift gives.');
