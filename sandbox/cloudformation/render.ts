import { element, list, timestamp, wrap, type Xml } from '../core/xml.js';
import type { Resource, Stack, StackEvent } from './model.js';

const nobodyLooked = wrap('DriftInformation', element('StackDriftStatus', 'NOT_CHECKED'));

/** A stack as DescribeStacks shows it, all but EnableTerminationProtection. Kept until the stack changes. */
export function describedStack(stack: Stack): Xml {
  stack.xml ??= stackXml(stack, stack.status, stack.statusReason);
  return stack.xml;
}

/** The same as of a moment in the past. */
export function describedStackAt(stack: Stack, time: number): Xml {
  const past = stack.statusAt(time);
  return past ? stackXml(stack, past.status, past.reason) : describedStack(stack);
}

function stackXml(stack: Stack, status: string, reason: string | undefined): Xml {
  return [
    element('StackId', stack.id),
    element('StackName', stack.name),
    element('Description', stack.description),
    list('Parameters', Object.entries(stack.parameters).map(parameterXml)),
    timestamp('CreationTime', stack.createdAt),
    timestamp('DeletionTime', stack.deletionTime),
    timestamp('LastUpdatedTime', stack.updatedAt),
    '<RollbackConfiguration/>',
    element('StackStatus', status),
    element('StackStatusReason', reason),
    element('DisableRollback', false),
    list('NotificationARNs', []),
    list('Capabilities', []),
    list('Outputs', hasOutputs(status) ? stack.outputs.map(outputXml) : []),
    element('RoleARN', stack.roleArn),
    list('Tags', Object.entries(stack.tags).map(tagXml)),
    lineage(stack),
    element('DeletionMode', stack.deletionMode),
    nobodyLooked,
  ].join('');
}

/** A stack as ListStacks shows it: no tags, no outputs. */
export function summarisedStack(stack: Stack, status: string, reason: string | undefined): Xml {
  return [
    element('StackId', stack.id),
    element('StackName', stack.name),
    element('TemplateDescription', stack.description),
    timestamp('CreationTime', stack.createdAt),
    timestamp('LastUpdatedTime', stack.updatedAt),
    timestamp('DeletionTime', stack.deletionTime),
    element('StackStatus', status),
    element('StackStatusReason', reason),
    lineage(stack),
    nobodyLooked,
  ].join('');
}

export function resourceXml(resource: Resource): Xml {
  return [
    element('LogicalResourceId', resource.logicalId),
    element('PhysicalResourceId', resource.physicalId),
    element('ResourceType', resource.type),
    timestamp('LastUpdatedTimestamp', resource.updatedAt),
    element('ResourceStatus', resource.status),
    element('ResourceStatusReason', resource.statusReason),
    nobodyLooked.replaceAll('StackDriftStatus', 'StackResourceDriftStatus'),
  ].join('');
}

export function eventXml(stack: Stack, event: StackEvent, index: number): Xml {
  return [
    element('StackId', stack.id),
    element('EventId', `${stack.uuid}-${index}`),
    element('StackName', stack.name),
    element('LogicalResourceId', event.resource?.logicalId ?? stack.name),
    element('PhysicalResourceId', event.resource?.physicalId ?? stack.id),
    element('ResourceType', event.resource?.type ?? 'AWS::CloudFormation::Stack'),
    timestamp('Timestamp', event.time),
    element('ResourceStatus', event.status),
    element('ResourceStatusReason', event.reason),
    element('ClientRequestToken', event.token),
  ].join('');
}

function lineage(stack: Stack): Xml {
  if (!stack.parent) return '';
  return element('ParentId', stack.parent.id) + element('RootId', stack.root.id);
}

/** A stack that never came up, or is gone, shows no outputs. */
function hasOutputs(status: string): boolean {
  return !/^(REVIEW|CREATE|ROLLBACK)_(IN_PROGRESS|FAILED)$|^ROLLBACK_COMPLETE$/.test(status);
}

function parameterXml([key, value]: [string, string]): Xml {
  return element('ParameterKey', key) + element('ParameterValue', value);
}

function tagXml([key, value]: [string, string]): Xml {
  return element('Key', key) + element('Value', value);
}

function outputXml(output: Stack['outputs'][number]): Xml {
  return [
    element('OutputKey', output.key),
    element('OutputValue', output.value),
    element('Description', output.description),
    element('ExportName', output.exportName),
  ].join('');
}
