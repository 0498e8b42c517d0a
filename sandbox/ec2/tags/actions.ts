import { AwsError } from '../../core/aws-error.js';
import { element } from '../../core/xml.js';
import { members, numbered, type Ec2Action, type Ec2Call, type Ec2Result } from '../call.js';
import { requireImage } from '../images/access.js';
import type { Ec2Parts } from '../parts.js';
import { isReserved, readTags, withTags } from './rules.js';
import type { Tagged } from './store.js';

/** CreateTags: all of the resources are tagged, or none is. */
export function createTags(parts: Ec2Parts): Ec2Action {
  return (call) => {
    const resources = requireResources(parts, call);
    const added = readTags(call);
    if (added.size === 0)
      throw new AwsError('MissingParameter', 'The request must contain the parameter tagSet');
    const renewed = resources.map((tagged) => ({
      tagged,
      tags: withTags(parts.tags.of(tagged), added),
    }));
    for (const { tagged, tags } of renewed) parts.tags.set(tagged, call.now, tags);
    return done(resources);
  };
}

/** DeleteTags: by key, by key and value, or all of the account's own. */
export function deleteTags(parts: Ec2Parts): Ec2Action {
  return (call) => {
    const resources = requireResources(parts, call);
    const doomed = members(call, 'Tag').map((prefix) => ({
      key: call.parameters.get(`${prefix}.Key`) ?? '',
      value: call.parameters.get(`${prefix}.Value`),
    }));
    const goes = (key: string, value: string) =>
      doomed.length === 0
        ? !isReserved(key)
        : doomed.some((each) => each.key === key && (each.value ?? value) === value);
    for (const tagged of resources) {
      const kept = [...parts.tags.of(tagged)].filter(([key, value]) => !goes(key, value));
      parts.tags.set(tagged, call.now, new Map(kept));
    }
    return done(resources);
  };
}

function requireResources(parts: Ec2Parts, call: Ec2Call): Tagged[] {
  const ids = numbered(call, 'ResourceId');
  if (ids.length === 0)
    throw new AwsError('MissingParameter', 'The request must contain the parameter resourceIdSet');
  const { accountId, region } = call;
  for (const id of ids) requireResource(parts, call, id);
  return ids.map((resourceId) => ({ accountId, region, resourceId }));
}

function requireResource(parts: Ec2Parts, call: Ec2Call, id: string): void {
  if (id.startsWith('ami-')) requireImage(parts, call, id);
  else if (id.startsWith('snap-')) parts.snapshots.require(call, id);
  else throw new AwsError('InvalidID', `The ID '${id}' is not valid`);
}

function done([first]: readonly Tagged[]): Ec2Result {
  const subject = first ? { subject: first.resourceId } : {};
  return { xml: element('return', true), ...subject, effective: true };
}
