import { z } from 'zod';
import { AwsError } from '../core/aws-error.js';
import { jsonAction, type JsonAction } from '../core/aws-json.js';
import { renewed, type Parameters } from './parameters.js';

const name = z
  .string()
  .regex(/^[a-zA-Z0-9_.\-/]{1,2048}$/, 'a parameter has letters, digits and _ . - /');

/** Characters of a value, by tier. */
const sizes = { Standard: 4096, Advanced: 8192 };

const putParameterSchema = z.object({
  Name: name,
  Value: z.string().min(1),
  Type: z.enum(['String', 'StringList', 'SecureString']).optional(),
  Overwrite: z.boolean().default(false),
  Tier: z.enum(['Standard', 'Advanced', 'Intelligent-Tiering']).default('Standard'),
  // Accepted; no action of the sandbox shows them.
  Description: z.string().max(1024).optional(),
  KeyId: z.string().min(1).max(256).optional(),
  Tags: z
    .array(z.object({ Key: z.string().min(1).max(128), Value: z.string().max(256) }))
    .max(1000)
    .optional(),
});
type Input = z.infer<typeof putParameterSchema>;

export function putParameter(parameters: Parameters): JsonAction {
  return jsonAction(putParameterSchema, (input, call) => {
    const there = parameters.target(call.accountId, call.region);
    const known = there.get(input.Name);
    const tier = tierOf(input);
    if (input.Overwrite && (input.Tags ?? []).length > 0)
      throw validationException(
        "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.",
      );
    if (known && !input.Overwrite)
      throw new AwsError(
        'ParameterAlreadyExists',
        'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
      );
    const written = {
      name: input.Name,
      type: input.Type ?? known?.type ?? 'String',
      value: input.Value,
      modifiedAt: call.now,
    };
    const parameter = known ? renewed(known, written) : { ...written, version: 1 };
    there.set(input.Name, parameter);
    return {
      json: { Version: parameter.version, Tier: tier },
      subject: input.Name,
      effective: true,
    };
  });
}

export function deleteParameter(parameters: Parameters): JsonAction {
  return jsonAction(z.object({ Name: name }), (input, call) => {
    const isGone = parameters.target(call.accountId, call.region).delete(input.Name);
    if (!isGone) throw new AwsError('ParameterNotFound', `Parameter ${input.Name} not found.`);
    return { json: {}, subject: input.Name, effective: true };
  });
}

export function deleteParameters(parameters: Parameters): JsonAction {
  return jsonAction(z.object({ Names: z.array(name).min(1).max(10) }), (input, call) => {
    const there = parameters.target(call.accountId, call.region);
    const asked = [...new Set(input.Names)];
    const deleted = asked.filter((each) => there.delete(each));
    return {
      json: {
        DeletedParameters: deleted,
        InvalidParameters: asked.filter((each) => !deleted.includes(each)),
      },
      effective: deleted.length > 0,
    };
  });
}

/** @throws AwsError when the value is too large for the tier */
function tierOf({ Tier, Value }: Input): keyof typeof sizes {
  const fitting = Value.length > sizes.Standard ? 'Advanced' : 'Standard';
  const tier = Tier === 'Intelligent-Tiering' ? fitting : Tier;
  if (Value.length > sizes[tier])
    throw validationException(
      `${tier} tier parameters support a maximum parameter value of ${sizes[tier]} characters.${tier === 'Standard' ? ' To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier.' : ''}`,
    );
  return tier;
}

function validationException(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
