import { AwsError } from '../../core/aws-error.js';
import { members, type Ec2Call } from '../call.js';
import type { TagMap } from './store.js';

const maxTags = 50;

/** `Tag.1.Key`, `Tag.1.Value` below a prefix, checked: guide, "Tag your Amazon EC2 resources", restrictions. */
export function readTags(call: Ec2Call, list = 'Tag'): Map<string, string> {
  const tags = new Map<string, string>();
  for (const prefix of members(call, list)) {
    const key = call.parameters.get(`${prefix}.Key`) ?? '';
    const value = call.parameters.get(`${prefix}.Value`) ?? '';
    requireTag(key, value);
    tags.set(key, value);
  }
  return tags;
}

/** The tags with these added; those that the resource has already aren't counted twice. */
export function withTags(known: TagMap, added: TagMap): TagMap {
  const tags = new Map([...known, ...added]);
  const count = [...tags.keys()].filter((key) => !isReserved(key)).length;
  if (count <= maxTags) return tags;
  throw new AwsError(
    'TagLimitExceeded',
    `The maximum number of tags for a resource (${maxTags}) has been reached.`,
  );
}

export function isReserved(key: string): boolean {
  return key.toLowerCase().startsWith('aws:');
}

function requireTag(key: string, value: string): void {
  if (isReserved(key))
    throw new AwsError(
      'InvalidParameterValue',
      "Tag keys starting with 'aws:' are reserved for internal use",
    );
  if (key === '' || key.length > 128)
    throw new AwsError(
      'InvalidParameterValue',
      `Tag key exceeds the maximum length of 128 characters, or is empty: '${key.slice(0, 32)}'`,
    );
  if (value.length > 256)
    throw new AwsError(
      'InvalidParameterValue',
      `Tag value exceeds the maximum length of 256 characters: '${value.slice(0, 32)}…'`,
    );
}

/** `TagSpecification.1.ResourceType` and its tags, by the type. */
export function tagSpecifications(
  call: Ec2Call,
  allowed: readonly string[],
): (type: string) => TagMap {
  const byType = new Map<string, TagMap>();
  for (const prefix of members(call, 'TagSpecification')) {
    const type = call.parameters.get(`${prefix}.ResourceType`) ?? '';
    if (!allowed.includes(type))
      throw new AwsError(
        'InvalidParameterValue',
        `'${type}' is not a valid taggable resource type for this operation.`,
      );
    byType.set(type, withTags(byType.get(type) ?? new Map(), readTags(call, `${prefix}.Tag`)));
  }
  return (type) => byType.get(type) ?? new Map();
}
