import { z } from 'zod';
import { AwsError } from '../core/aws-error.js';
import { jsonAction, JsonService, type JsonAction, type JsonCall } from '../core/aws-json.js';
import { offsetPage } from '../core/offset-page.js';
import type { Parameter, Parameters } from './parameters.js';

const name = z.string().min(1);
const decrypted = z.boolean().default(false);

/** The sandbox's Parameter Store. */
export function createSsm(now: () => number, parameters: Parameters): JsonService {
  return new JsonService(
    ['ssm'],
    now,
    new Map<string, JsonAction>([
      ['GetParameter', getParameter(parameters)],
      ['GetParameters', getParameters(parameters)],
      ['GetParametersByPath', getParametersByPath(parameters)],
      ['PutParameter', putParameter(parameters)],
    ]),
  );
}

function getParameter(parameters: Parameters): JsonAction {
  return jsonAction(z.object({ Name: name, WithDecryption: decrypted }), (input, call) => {
    const parameter = parameters.target(call.accountId, call.region).get(input.Name);
    if (!parameter) throw new AwsError('ParameterNotFound', `Parameter ${input.Name} not found.`);
    return {
      json: { Parameter: shown(parameter, call, input.WithDecryption) },
      subject: input.Name,
    };
  });
}

function getParameters(parameters: Parameters): JsonAction {
  const schema = z.object({ Names: z.array(name).min(1).max(10), WithDecryption: decrypted });
  return jsonAction(schema, (input, call) => {
    const there = parameters.target(call.accountId, call.region);
    const found = input.Names.flatMap((wanted) => there.get(wanted) ?? []);
    return {
      json: {
        Parameters: found.map((parameter) => shown(parameter, call, input.WithDecryption)),
        InvalidParameters: input.Names.filter((wanted) => !there.has(wanted)),
      },
    };
  });
}

function getParametersByPath(parameters: Parameters): JsonAction {
  const schema = z.object({
    Path: z.string().startsWith('/'),
    Recursive: z.boolean().default(false),
    WithDecryption: decrypted,
    MaxResults: z.number().int().min(1).max(10).default(10),
    NextToken: z.string().optional(),
  });
  return jsonAction(schema, (input, call) => {
    const prefix = input.Path.endsWith('/') ? input.Path : `${input.Path}/`;
    const below = [...parameters.target(call.accountId, call.region).values()]
      .filter((parameter) => parameter.name.startsWith(prefix))
      .filter((p) => input.Recursive || !p.name.slice(prefix.length).includes('/'))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const page = offsetPage(below, input.NextToken, input.MaxResults);
    return {
      json: {
        Parameters: page.items.map((parameter) => shown(parameter, call, input.WithDecryption)),
        NextToken: page.next,
      },
      subject: input.Path,
    };
  });
}

function putParameter(parameters: Parameters): JsonAction {
  const schema = z.object({
    Name: name,
    Value: z.string().min(1),
    Type: z.enum(['String', 'StringList', 'SecureString']).optional(),
    Overwrite: z.boolean().default(false),
  });
  return jsonAction(schema, (input, call) => {
    const there = parameters.target(call.accountId, call.region);
    const known = there.get(input.Name);
    if (known && !input.Overwrite)
      throw new AwsError(
        'ParameterAlreadyExists',
        'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
      );
    const version = (known?.version ?? 0) + 1;
    const type = input.Type ?? known?.type ?? 'String';
    there.set(input.Name, {
      name: input.Name,
      type,
      value: input.Value,
      version,
      modifiedAt: call.now,
    });
    return { json: { Version: version, Tier: 'Standard' }, subject: input.Name, effective: true };
  });
}

function shown(parameter: Parameter, call: JsonCall, decrypt: boolean): unknown {
  const isSecret = parameter.type === 'SecureString' && !decrypt;
  return {
    Name: parameter.name,
    Type: parameter.type,
    Value: isSecret ? sealed(parameter.value) : parameter.value,
    Version: parameter.version,
    LastModifiedDate: parameter.modifiedAt / 1000,
    ARN: `arn:aws:ssm:${call.region}:${call.accountId}:parameter${parameter.name.startsWith('/') ? '' : '/'}${parameter.name}`,
    DataType: 'text',
  };
}

/** Looks like what KMS makes of a value, so that nothing takes it for the value itself. */
function sealed(value: string): string {
  const bytes = Buffer.from(value).map((byte, index) => byte ^ (0x5a + (index % 64)));
  return `AQICAHh${Buffer.from(bytes).toString('base64')}`;
}
