import { z } from 'zod';
import { AwsError } from '../core/aws-error.js';
import { jsonAction, type JsonAction, type JsonCall } from '../core/aws-json.js';
import { offsetPage } from '../core/offset-page.js';
import type { Parameter, Parameters } from './parameters.js';

const name = z.string().min(1);
const decrypted = z.boolean().default(false);

export function getParameter(parameters: Parameters): JsonAction {
  return jsonAction(z.object({ Name: name, WithDecryption: decrypted }), (input, call) => {
    const there = parameters.target(call.accountId, call.region);
    const selected = select(there, input.Name);
    if (!selected.parameter) throw notFound(selected);
    return {
      json: { Parameter: shown(selected.parameter, call, input.WithDecryption, selected.selector) },
      subject: selected.name,
    };
  });
}

export function getParameters(parameters: Parameters): JsonAction {
  const schema = z.object({ Names: z.array(name).min(1).max(10), WithDecryption: decrypted });
  return jsonAction(schema, (input, call) => {
    const there = parameters.target(call.accountId, call.region);
    const selections = input.Names.map((asked) => ({ asked, ...select(there, asked) }));
    return {
      json: {
        Parameters: selections.flatMap(({ parameter, selector }) =>
          parameter ? [shown(parameter, call, input.WithDecryption, selector)] : [],
        ),
        InvalidParameters: selections.filter((s) => !s.parameter).map(({ asked }) => asked),
      },
    };
  });
}

export function getParametersByPath(parameters: Parameters): JsonAction {
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

interface Selection {
  name: string;
  /** `:3`, as it was asked for. */
  selector?: string;
  /** Of the version that was asked for. */
  parameter: Parameter | undefined;
  /** Whether there is a parameter of that name, in whatever version. */
  isKnown: boolean;
}

/** What `name` or `name:version` stands for. */
function select(there: ReadonlyMap<string, Parameter>, asked: string): Selection {
  const colon = asked.indexOf(':');
  if (colon < 0) {
    const parameter = there.get(asked);
    return { name: asked, parameter, isKnown: parameter !== undefined };
  }
  const [plain, version] = [asked.slice(0, colon), asked.slice(colon + 1)];
  const latest = there.get(plain);
  const versions = latest ? [...(latest.earlier ?? []), latest] : [];
  return {
    name: plain,
    selector: `:${version}`,
    parameter: versions.find((parameter) => String(parameter.version) === version),
    isKnown: latest !== undefined,
  };
}

function notFound({ name: asked, selector, isKnown }: Selection): AwsError {
  if (!isKnown || selector === undefined)
    return new AwsError('ParameterNotFound', `Parameter ${asked} not found.`);
  return new AwsError(
    'ParameterVersionNotFound',
    `Systems Manager could not find version ${selector.slice(1)} of ${asked}. Verify the version and try again.`,
  );
}

function shown(parameter: Parameter, call: JsonCall, decrypt: boolean, selector?: string): unknown {
  const isSecret = parameter.type === 'SecureString' && !decrypt;
  return {
    Name: parameter.name,
    Type: parameter.type,
    Value: isSecret ? sealed(parameter.value) : parameter.value,
    Version: parameter.version,
    Selector: selector,
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
