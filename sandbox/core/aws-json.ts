import type { z } from 'zod';
import { AwsError } from './aws-error.js';
import type { AwsRequest, AwsResponse, Service } from './service.js';

/** One call in AWS's JSON 1.1 protocol (SSM, Organizations). */
export interface JsonCall {
  request: AwsRequest;
  accountId: string;
  region: string;
  /** The request's body, parsed and not yet checked. */
  input: unknown;
  /** Sandbox time of the call, ms since the epoch. */
  now: number;
}

export interface JsonResult {
  json: unknown;
  subject?: string;
  effective?: boolean;
}

export type JsonAction = (call: JsonCall) => JsonResult;

/** An action whose input has a shape; anything else is refused as AWS does. */
export function jsonAction<T>(
  schema: z.ZodType<T>,
  run: (input: T, call: JsonCall) => JsonResult,
): JsonAction {
  return (call) => {
    const parsed = schema.safeParse(call.input);
    if (!parsed.success) throw invalidInput(parsed.error);
    return run(parsed.data, call);
  };
}

/** A service of the JSON protocol, from a table of its actions. */
export class JsonService implements Service {
  constructor(
    readonly names: readonly string[],
    private readonly now: () => number,
    private readonly actions: ReadonlyMap<string, JsonAction>,
  ) {}

  actionOf(request: AwsRequest): string {
    return request.headers['x-amz-target']?.split('.').pop() ?? 'Unknown';
  }

  handle(request: AwsRequest): AwsResponse {
    const name = this.actionOf(request);
    const action = this.actions.get(name);
    try {
      if (!action)
        throw new AwsError('UnknownOperationException', `the sandbox has no operation ${name}`);
      const { accountId, region } = request;
      const result = action({
        request,
        accountId,
        region,
        input: parse(request.body),
        now: this.now(),
      });
      const { subject, effective } = result;
      return {
        action: name,
        status: 200,
        headers,
        body: JSON.stringify(result.json),
        ...(subject === undefined ? {} : { subject }),
        ...(effective === undefined ? {} : { effective }),
      };
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return { ...this.renderError(error), action: name };
    }
  }

  renderError(error: { code: string; message: string; status: number }): AwsResponse {
    return {
      action: '',
      status: error.status,
      headers,
      body: JSON.stringify({ __type: error.code, message: error.message }),
      errorCode: error.code,
    };
  }
}

const headers = { 'content-type': 'application/x-amz-json-1.1' };

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString() || '{}');
  } catch {
    throw new AwsError('SerializationException', 'the body is no JSON');
  }
}

function invalidInput(error: z.ZodError): AwsError {
  const problems = error.issues.map(
    (issue) => `Value at '${issue.path.join('.')}' failed to satisfy constraint: ${issue.message}`,
  );
  return new AwsError(
    'ValidationException',
    `${problems.length} validation error${problems.length === 1 ? '' : 's'} detected: ${problems.join('; ')}`,
  );
}
