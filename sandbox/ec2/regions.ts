import { AwsError } from '../core/aws-error.js';
import { element, list } from '../core/xml.js';
import type { Directory } from '../fleet/directory.js';
import { isTrue, numbered, type Ec2Action } from './call.js';

// Regions that were there before 2019-03-20 are enabled without opting in.
const optIn = /^(af-south|ap-east|ap-southeast-[3-7]|ca-west|eu-central-2|eu-south|il-|me-|mx-)/;

export function describeRegions(directory: Directory): Ec2Action {
  return (call) => {
    const account = directory.account(call.accountId);
    const enabled = new Set(account ? directory.regions(account) : []);
    const others = isTrue(call, 'AllRegions') ? directory.allRegions() : [];
    const known = [...new Set([...enabled, ...others])].sort();
    const wanted = numbered(call, 'RegionName');
    const missing = wanted.find((name) => !known.includes(name));
    if (missing !== undefined)
      throw new AwsError('InvalidParameterValue', `Region not found: ${missing}`);
    const shown = known.filter((name) => wanted.length === 0 || wanted.includes(name));
    const items = shown.map(
      (name) =>
        element('regionName', name) +
        element('regionEndpoint', `ec2.${name}.amazonaws.com`) +
        element('optInStatus', optInStatus(name, enabled.has(name))),
    );
    return { xml: list('regionInfo', items, 'item') };
  };
}

function optInStatus(region: string, isEnabled: boolean): string {
  if (!isEnabled) return 'not-opted-in';
  return optIn.test(region) ? 'opted-in' : 'opt-in-not-required';
}
