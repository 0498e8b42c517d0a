import { AwsError } from '../core/aws-error.js';
import { formOf } from '../core/aws-query.js';
import type { AwsRequest, AwsResponse, Service } from '../core/service.js';
import { element, escapeXml } from '../core/xml.js';
import { isTrue, type Ec2Action, type Ec2Call } from './call.js';

const namespace = 'http://ec2.amazonaws.com/doc/2016-11-15/';
const headers = { 'content-type': 'text/xml;charset=UTF-8' };

/** Answers EC2's flavour of the Query protocol, from a table of its actions. */
export class Ec2Service implements Service {
  readonly names = ['ec2'];

  constructor(
    private readonly now: () => number,
    /** How much older than now what is shown is, in ms. */
    private readonly lagMs: number,
    private readonly actions: ReadonlyMap<string, Ec2Action>,
  ) {}

  actionOf(request: AwsRequest): string {
    return formOf(request).get('Action') ?? 'Unknown';
  }

  handle(request: AwsRequest): AwsResponse {
    const name = this.actionOf(request);
    const call = this.callOf(request);
    try {
      const { xml, subject, effective = false } = this.run(name, call);
      return {
        action: name,
        status: 200,
        headers,
        body: `<${name}Response xmlns="${namespace}">${element('requestId', request.requestId)}${xml}</${name}Response>`,
        effective,
        ...(subject === undefined ? {} : { subject }),
      };
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const subject = subjectOf(call.parameters);
      const refusal = this.renderError(error, request.requestId);
      return { ...refusal, action: name, ...(subject === undefined ? {} : { subject }) };
    }
  }

  renderError(
    error: { code: string; message: string; status: number },
    requestId?: string,
  ): AwsResponse {
    const body =
      '<?xml version="1.0" encoding="UTF-8"?>\n' +
      `<Response><Errors><Error>${element('Code', error.code)}${element('Message', error.message)}</Error></Errors>` +
      `<RequestID>${escapeXml(requestId ?? '')}</RequestID></Response>`;
    return { action: '', status: error.status, headers, body, errorCode: error.code };
  }

  private run(name: string, call: Ec2Call) {
    const action = this.actions.get(name);
    if (!action)
      throw new AwsError('InvalidAction', `The action ${name} is not valid for this web service.`);
    if (isTrue(call, 'DryRun'))
      throw new AwsError(
        'DryRunOperation',
        'Request would have succeeded, but DryRun flag is set.',
        412,
      );
    return action(call);
  }

  private callOf(request: AwsRequest): Ec2Call {
    const { accountId, region, asOf } = request;
    const now = this.now();
    const parameters = formOf(request);
    return { accountId, region, parameters, now, seenAt: (asOf ?? now) - this.lagMs };
  }
}

/** What a refused call was about, for the ledger. */
function subjectOf(parameters: URLSearchParams): string | undefined {
  for (const name of ['ImageId', 'SnapshotId', 'ResourceId.1', 'SourceImageId', 'ImageId.1']) {
    const value = parameters.get(name);
    if (value !== null) return value;
  }
  return undefined;
}
