import { AwsError } from '../core/aws-error.js';
import type { AwsRequest, AwsResponse, Service } from '../core/service.js';
import { element, list } from '../core/xml.js';
import { formOf } from '../core/aws-query.js';
import type { Directory } from '../fleet/directory.js';

// Regions that were there before 2019-03-20 are enabled without opting in.
const optIn = /^(af-south|ap-east|ap-southeast-[3-7]|ca-west|eu-central-2|eu-south|il-|me-|mx-)/;

/** The sandbox's EC2: which regions an account has. */
export class Ec2Service implements Service {
  readonly names = ['ec2'];

  constructor(private readonly directory: Directory) {}

  actionOf(request: AwsRequest): string {
    return formOf(request).get('Action') ?? 'Unknown';
  }

  handle(request: AwsRequest): AwsResponse {
    const action = this.actionOf(request);
    try {
      if (action !== 'DescribeRegions')
        throw new AwsError(
          'InvalidAction',
          `The action ${action} is not valid for this web service.`,
        );
      const body =
        '<DescribeRegionsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">' +
        `${element('requestId', request.requestId)}${this.describeRegions(request)}</DescribeRegionsResponse>`;
      return { action, status: 200, headers, body };
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return { ...this.renderError(error), action };
    }
  }

  renderError(error: { code: string; message: string; status: number }): AwsResponse {
    const body = `<Response><Errors><Error>${element('Code', error.code)}${element('Message', error.message)}</Error></Errors></Response>`;
    return { action: '', status: error.status, headers, body, errorCode: error.code };
  }

  private describeRegions(request: AwsRequest): string {
    const form = formOf(request);
    const account = this.directory.account(request.accountId);
    const enabled = new Set(account ? this.directory.regions(account) : []);
    const all = form.get('AllRegions') === 'true';
    const known = [...new Set([...enabled, ...(all ? this.directory.allRegions() : [])])].sort();
    const wanted = numbered(form, 'RegionName');
    const missing = wanted.find((name) => !known.includes(name));
    if (missing !== undefined)
      throw new AwsError('InvalidParameterValue', `Region not found: ${missing}`);
    return list(
      'regionInfo',
      known
        .filter((name) => wanted.length === 0 || wanted.includes(name))
        .map(
          (name) =>
            element('regionName', name) +
            element('regionEndpoint', `ec2.${name}.amazonaws.com`) +
            element('optInStatus', optInStatus(name, enabled.has(name))),
        ),
      'item',
    );
  }
}

const headers = { 'content-type': 'text/xml;charset=UTF-8' };

function optInStatus(region: string, isEnabled: boolean): string {
  if (!isEnabled) return 'not-opted-in';
  return optIn.test(region) ? 'opted-in' : 'opt-in-not-required';
}

/** EC2 writes lists as `Name.1`, `Name.2`. */
function numbered(form: URLSearchParams, name: string): string[] {
  const values: string[] = [];
  for (let index = 1; ; index++) {
    const value = form.get(`${name}.${index}`);
    if (value === null) return values;
    values.push(value);
  }
}
