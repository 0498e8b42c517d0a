import { AwsError } from '../../core/aws-error.js';
import { element, list, wrap, type Xml } from '../../core/xml.js';
import { members, numbered, required, type Ec2Action, type Ec2Call } from '../call.js';
import type { Ec2Parts } from '../parts.js';
import { requireOwnImage, requireState } from './access.js';
import { devicesXml } from './image-xml.js';
import type { Image } from './image.js';
import type { LaunchPermission } from './permissions.js';

/** DescribeImageAttribute: launchPermission, description, blockDeviceMapping; the owner's only. */
export function describeImageAttribute(parts: Ec2Parts): Ec2Action {
  return (call) => {
    const image = requireOwnImage(parts, call, required(call, 'ImageId'));
    const xml = element('imageId', image.id) + attributeXml(image, call);
    return { xml, subject: image.id };
  };
}

function attributeXml(image: Image, call: Ec2Call): Xml {
  const facts = image.facts.at(call.seenAt) ?? image.facts.latest;
  const attribute = required(call, 'Attribute');
  switch (attribute) {
    case 'launchPermission': {
      const items = facts.permissions.map(({ kind, value }) => element(kind, value));
      return list('launchPermission', items, 'item');
    }
    case 'description':
      return wrap('description', element('value', facts.description));
    case 'blockDeviceMapping':
      return devicesXml(image.options.devices);
    default:
      throw unknownAttribute(attribute);
  }
}

/** ModifyImageAttribute: who may launch it, and its description. */
export function modifyImageAttribute(parts: Ec2Parts): Ec2Action {
  return (call) => {
    const image = requireOwnImage(parts, call, required(call, 'ImageId'));
    const { add, remove } = changesOf(call);
    const description = descriptionOf(call);
    if (add.length + remove.length === 0 && description === undefined)
      throw new AwsError(
        'MissingParameter',
        'The request must contain the parameter LaunchPermission',
      );
    requireState(image, 'available');
    const { permissions } = image.facts.latest;
    const kept = [...permissions, ...add.filter((each) => !has(permissions, each))];
    image.change(call.now, {
      permissions: kept.filter((each) => !has(remove, each)),
      ...(description === undefined ? {} : { description }),
    });
    return { xml: element('return', true), subject: image.id, effective: true };
  };
}

function has(permissions: readonly LaunchPermission[], { kind, value }: LaunchPermission): boolean {
  return permissions.some((each) => each.kind === kind && each.value === value);
}

function descriptionOf({ parameters }: Ec2Call): string | undefined {
  const isOld = parameters.get('Attribute') === 'description';
  return (
    parameters.get('Description.Value') ?? (isOld ? parameters.get('Value') : null) ?? undefined
  );
}

interface Changes {
  add: LaunchPermission[];
  remove: LaunchPermission[];
}

/** `LaunchPermission.Add.1.UserId`, or the older `OperationType=add` with `UserId.1`. */
function changesOf(call: Ec2Call): Changes {
  const attribute = call.parameters.get('Attribute');
  if (attribute !== null && !['launchPermission', 'description'].includes(attribute))
    throw unknownAttribute(attribute);
  const changes = {
    add: members(call, 'LaunchPermission.Add').flatMap((prefix) => structured(call, prefix)),
    remove: members(call, 'LaunchPermission.Remove').flatMap((prefix) => structured(call, prefix)),
  };
  const listed = kinds.flatMap(({ kind, list: name }) =>
    numbered(call, name).map((value) => permission(kind, value)),
  );
  if (listed.length === 0) return changes;
  const operation = required(call, 'OperationType');
  if (operation !== 'add' && operation !== 'remove')
    throw new AwsError('InvalidParameterValue', `Invalid operation type: ${operation}`);
  return { ...changes, [operation]: [...changes[operation], ...listed] };
}

const kinds = [
  { kind: 'userId', field: 'UserId', list: 'UserId', item: 'userId', shape: /^\d{12}$/ },
  { kind: 'group', field: 'Group', list: 'UserGroup', item: 'UserGroup', shape: /^all$/ },
  {
    kind: 'organizationArn',
    field: 'OrganizationArn',
    list: 'OrganizationArn',
    item: 'organizationArn',
    shape: /^arn:aws:organizations::\d{12}:organization\/o-[a-z0-9]+$/,
  },
  {
    kind: 'organizationalUnitArn',
    field: 'OrganizationalUnitArn',
    list: 'OrganizationalUnitArn',
    item: 'organizationalUnitArn',
    shape: /^arn:aws:organizations::\d{12}:ou\/o-[a-z0-9]+\/ou-[a-z0-9-]+$/,
  },
] as const;

function structured({ parameters }: Ec2Call, prefix: string): LaunchPermission[] {
  return kinds.flatMap(({ kind, field }) => {
    const value = parameters.get(`${prefix}.${field}`);
    return value === null ? [] : [permission(kind, value)];
  });
}

function permission(kind: LaunchPermission['kind'], value: string): LaunchPermission {
  const rule = kinds.find((each) => each.kind === kind);
  if (rule?.shape.test(value)) return { kind, value };
  throw new AwsError(
    'InvalidAMIAttributeItemValue',
    `Invalid attribute item value "${value}" for ${rule?.item ?? kind} item type.`,
  );
}

function unknownAttribute(attribute: string): AwsError {
  return new AwsError('InvalidParameterValue', `Invalid attribute: ${attribute}`);
}
