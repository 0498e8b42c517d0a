import { AwsError } from '../core/aws-error.js';
import type { AwsRequest, AwsResponse, Service } from '../core/service.js';
import type { BuilderAction } from './actions/action.js';

export interface Route {
  method: 'GET' | 'PUT' | 'POST';
  run: BuilderAction;
}

const headers = { 'content-type': 'application/json' };

/** Answers Image Builder's REST-JSON protocol, where a path names its action. */
export class ImageBuilderService implements Service {
  readonly names = ['imagebuilder'];

  constructor(
    private readonly now: () => number,
    /** By action: `/GetImage` is GetImage's path. */
    private readonly routes: ReadonlyMap<string, Route>,
  ) {}

  actionOf({ path }: AwsRequest): string {
    return path.slice(1).replace(/\/.*$/s, '') || 'Unknown';
  }

  handle(request: AwsRequest): AwsResponse {
    const name = this.actionOf(request);
    const route = this.routes.get(name);
    try {
      if (route?.method !== request.method)
        throw new AwsError(
          'UnknownOperationException',
          `the sandbox has no ${request.method} ${request.path}`,
          404,
        );
      const { accountId, region, requestId = '' } = request;
      const input = inputOf(request);
      const {
        json,
        subject,
        effective = false,
      } = route.run({
        accountId,
        region,
        requestId,
        input,
        now: this.now(),
      });
      return {
        action: name,
        status: 200,
        headers,
        body: JSON.stringify(json),
        effective,
        ...(subject === undefined ? {} : { subject }),
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
      headers: { ...headers, 'x-amzn-errortype': error.code },
      body: JSON.stringify({ __type: error.code, message: error.message }),
      errorCode: error.code,
    };
  }
}

function inputOf({ method, query, body }: AwsRequest): unknown {
  if (method === 'GET') return Object.fromEntries(query);
  try {
    return JSON.parse(body.toString() || '{}');
  } catch {
    throw new AwsError('InvalidRequestException', 'The body is no JSON.');
  }
}
