import { AwsError } from './aws-error.js';
import type { AwsRequest, AwsResponse, Service } from './service.js';
import { element, type Xml } from './xml.js';

/** One call in AWS's Query protocol (CloudFormation, STS, RDS): a form in, XML out. */
export interface QueryCall {
  request: AwsRequest;
  accountId: string;
  region: string;
  parameters: URLSearchParams;
  /** Sandbox time of the call, ms since the epoch. */
  now: number;
}

export interface QueryResult {
  /** What stands inside `<ActionResult>`. */
  xml?: Xml;
  subject?: string;
  effective?: boolean;
}

export type QueryAction = (call: QueryCall) => QueryResult;

/** A service of the Query protocol, from a table of its actions. */
export class QueryService implements Service {
  constructor(
    readonly names: readonly string[],
    private readonly namespace: string,
    private readonly now: () => number,
    private readonly actions: ReadonlyMap<string, QueryAction>,
    /** What a refused call was about, for the ledger. */
    private readonly subjectOf: (parameters: URLSearchParams) => string | undefined = () =>
      undefined,
  ) {}

  actionOf(request: AwsRequest): string {
    return formOf(request).get('Action') ?? 'Unknown';
  }

  handle(request: AwsRequest): AwsResponse {
    const parameters = formOf(request);
    const name = parameters.get('Action') ?? '';
    const action = this.actions.get(name);
    const { accountId, region } = request;
    try {
      if (!action) throw unknownAction(name);
      const result = action({ request, accountId, region, parameters, now: this.now() });
      return {
        action: name,
        status: 200,
        headers: { 'content-type': 'text/xml' },
        body: this.envelope(name, result.xml, request.requestId),
        ...(result.subject === undefined ? {} : { subject: result.subject }),
        ...(result.effective === undefined ? {} : { effective: result.effective }),
      };
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const subject = this.subjectOf(parameters);
      return { ...this.renderError(error), action: name, ...(subject ? { subject } : {}) };
    }
  }

  renderError(error: { code: string; message: string; status: number }): AwsResponse {
    const type = error.status >= 500 ? 'Receiver' : 'Sender';
    return {
      action: '',
      status: error.status,
      headers: { 'content-type': 'text/xml' },
      body:
        `<ErrorResponse xmlns="${this.namespace}"><Error><Type>${type}</Type>` +
        `${element('Code', error.code)}${element('Message', error.message)}</Error></ErrorResponse>`,
      errorCode: error.code,
    };
  }

  private envelope(action: string, xml: Xml | undefined, requestId: string | undefined): string {
    const result = xml === undefined ? '' : `<${action}Result>${xml}</${action}Result>`;
    return (
      `<${action}Response xmlns="${this.namespace}">${result}` +
      `<ResponseMetadata>${element('RequestId', requestId)}</ResponseMetadata></${action}Response>`
    );
  }
}

const forms = new WeakMap<AwsRequest, URLSearchParams>();

/** The form in a request's body, parsed once. */
export function formOf(request: AwsRequest): URLSearchParams {
  let form = forms.get(request);
  if (!form) {
    form = request.body.length > 0 ? new URLSearchParams(request.body.toString()) : request.query;
    forms.set(request, form);
  }
  return form;
}

/** `Name.member.1`, `Name.member.2`, …: how the Query protocol writes a list. */
export function listParameter(parameters: URLSearchParams, name: string): string[] {
  const values: string[] = [];
  for (let index = 1; ; index++) {
    const value = parameters.get(`${name}.member.${index}`);
    if (value === null) return values;
    values.push(value);
  }
}

/** `Tags.member.1.Key` / `….Value`: a list of pairs. */
export function pairsParameter(parameters: URLSearchParams, name: string): [string, string][] {
  const pairs: [string, string][] = [];
  for (let index = 1; ; index++) {
    const key = parameters.get(`${name}.member.${index}.Key`);
    if (key === null) return pairs;
    pairs.push([key, parameters.get(`${name}.member.${index}.Value`) ?? '']);
  }
}

export function requiredParameter(parameters: URLSearchParams, name: string): string {
  const value = parameters.get(name);
  if (value === null || value === '') {
    const field = name.charAt(0).toLowerCase() + name.slice(1);
    throw new AwsError(
      'ValidationError',
      `1 validation error detected: Value null at '${field}' failed to satisfy constraint: Member must not be null`,
    );
  }
  return value;
}

function unknownAction(name: string): AwsError {
  return new AwsError('InvalidAction', `Could not find operation ${name}`);
}
