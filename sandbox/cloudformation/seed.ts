import { claimBucket, ensureBucket } from '../core/buckets.js';
import type { StackSpec } from '../fleet/stack-schema.js';
import { armed, resourceTypeOf } from './failures.js';
import { Stack, type Output, type Resource, type StackInit } from './model.js';
import type { CloudFormation } from './service.js';

const dayMs = 86_400_000;
const commonTypes = [
  'AWS::SQS::Queue',
  'AWS::IAM::Role',
  'AWS::Lambda::Function',
  'AWS::Logs::LogGroup',
  'AWS::DynamoDB::Table',
  'AWS::SNS::Topic',
];

/** Puts a stack of the fleet there, nested ones and all, as if it had been created `ageDays` ago. */
export function seedStack(
  cloudFormation: CloudFormation,
  place: { accountId: string; region: string },
  spec: StackSpec,
  parent?: Stack,
): Stack {
  const now = cloudFormation.options.clock.now();
  const target = cloudFormation.stacks.target(place.accountId, place.region);
  const createdAt = now - spec.ageDays * dayMs;
  const init: StackInit = {
    ...place,
    name: spec.name,
    generation: target.generationOf(spec.name),
    createdAt,
    deleteMs: spec.deleteSeconds * 1000,
    tags: spec.tags,
    parameters: spec.parameters,
    description: spec.description,
    outputs: outputsOf(spec),
    imports: spec.imports,
    stackOutputs: spec.stackOutputs.map(({ stack: stackName, output: outputName, ...rest }) => ({
      stackName,
      outputName,
      ...rest,
    })),
    protected: spec.protected,
    roleArn: spec.roleArn ?? missingRole(place.accountId, spec),
    template: spec.template,
    templateFormat: spec.templateFormat,
    failures: spec.failures.map(armed),
    parent,
  };
  const stack = new Stack(init);
  stack.resources = resourcesOf(spec, stack, createdAt);
  for (const { logicalId, physicalId } of stack.resources) {
    if (physicalId === undefined || !spec.buckets.includes(physicalId)) continue;
    const { buckets } = cloudFormation.options;
    ensureBucket(buckets, place.accountId, place.region, physicalId);
    claimBucket(buckets, place.accountId, physicalId, {
      stackId: stack.id,
      stackName: stack.name,
      logicalId,
    });
  }
  recordPast(stack, spec, now);
  target.add(stack);
  if (!stack.isDeleted) target.publishExports(stack);
  for (const nested of spec.nested) {
    const child = seedStack(cloudFormation, place, { ...nested, ageDays: spec.ageDays }, stack);
    const resource = embedded(child, createdAt);
    stack.resources.push(resource);
    stack.children.set(resource.logicalId, child);
  }
  settleLater(cloudFormation, stack, spec, now);
  return stack;
}

function missingRole(accountId: string, spec: StackSpec): string | undefined {
  const isGone = spec.failures.some((failure) => failure.kind === 'roleGone');
  return isGone ? `arn:aws:iam::${accountId}:role/${spec.name}-deployer` : undefined;
}

function outputsOf(spec: StackSpec): Output[] {
  const exported = spec.exports.map((written, index): Output => {
    const { name, value, output } =
      typeof written === 'string'
        ? { name: written, value: undefined, output: undefined }
        : written;
    return { key: output ?? `Export${index}`, value: value ?? `${name}-value`, exportName: name };
  });
  return [...exported, ...Object.entries(spec.outputs).map(([key, value]) => ({ key, value }))];
}

function resourcesOf(spec: StackSpec, stack: Stack, time: number): Resource[] {
  const make = (
    logicalId: string,
    type: string,
    physicalId?: string,
    retain = false,
  ): Resource => ({
    logicalId,
    type,
    physicalId: physicalId ?? `${stack.name}-${logicalId}-${stack.uuid.slice(0, 8)}`,
    status: 'CREATE_COMPLETE',
    updatedAt: time,
    retain,
  });
  const own =
    typeof spec.resources === 'number'
      ? Array.from({ length: spec.resources }, (_, index) =>
          make(`Resource${index}`, commonTypes[index % commonTypes.length] ?? 'AWS::SQS::Queue'),
        )
      : spec.resources.map((r) => make(r.logicalId, r.type, r.physicalId, r.retain));
  const buckets = spec.buckets.map((name, index) =>
    make(index === 0 ? 'Bucket' : `Bucket${index}`, 'AWS::S3::Bucket', name),
  );
  const resources = [...own, ...buckets];
  for (const failure of spec.failures) {
    const type = resourceTypeOf(failure);
    const named = 'resource' in failure ? failure.resource : undefined;
    if (type === undefined) continue;
    const isThere = resources.some((r) =>
      named === undefined ? r.type === type : r.logicalId === named,
    );
    if (!isThere) resources.push(make(named ?? nameOfType(type), type));
  }
  return resources;
}

/** `AWS::Lambda::Function` is `Function0`. `Resource0` is taken: Custom::Resource is `Custom0`. */
function nameOfType(type: string): string {
  const [service, ...parts] = type.split('::');
  return `${service === 'Custom' ? service : (parts.at(-1) ?? type)}0`;
}

function embedded(child: Stack, time: number): Resource {
  const logicalId = child.name.replace(/[^a-zA-Z0-9]/g, '');
  const type = 'AWS::CloudFormation::Stack';
  const status = 'CREATE_COMPLETE';
  return { logicalId, type, physicalId: child.id, status, updatedAt: time, retain: false };
}

/** The events that brought the stack to where the fleet says it is. */
function recordPast(stack: Stack, spec: StackSpec, now: number): void {
  const { createdAt } = stack;
  const changedAt =
    spec.updatedDaysAgo === undefined ? createdAt + 1000 : now - spec.updatedDaysAgo * dayMs;
  if (spec.status === 'REVIEW_IN_PROGRESS') {
    stack.resources = [];
    stack.setStatus(createdAt, 'REVIEW_IN_PROGRESS', spec.statusReason ?? 'User Initiated');
    return;
  }
  stack.setStatus(createdAt, 'CREATE_IN_PROGRESS', 'User Initiated');
  if (spec.updatedDaysAgo !== undefined || spec.status.startsWith('UPDATE'))
    stack.updatedAt = changedAt;
  if (spec.status === 'CREATE_IN_PROGRESS') return;
  if (!/^(CREATE|ROLLBACK)/.test(spec.status)) stack.setStatus(createdAt + 500, 'CREATE_COMPLETE');
  if (spec.status.startsWith('ROLLBACK')) loseResources(stack);
  if (spec.status === 'DELETE_IN_PROGRESS') return;
  if (spec.status === 'DELETE_FAILED') return recordFailedDelete(stack, changedAt);
  if (spec.status === 'DELETE_COMPLETE') {
    stack.deletedAt = changedAt;
    stack.deletionTime = changedAt;
    for (const resource of stack.resources) resource.status = 'DELETE_COMPLETE';
  }
  stack.setStatus(changedAt, spec.status, spec.statusReason);
}

/** A creation that was rolled back leaves nothing behind. */
function loseResources(stack: Stack): void {
  for (const resource of stack.resources) resource.status = 'DELETE_COMPLETE';
  stack.outputs = [];
}

function recordFailedDelete(stack: Stack, time: number): void {
  const struck = new Set(
    stack.failures.map(({ spec }) =>
      'resource' in spec && spec.resource !== undefined ? spec.resource : resourceTypeOf(spec),
    ),
  );
  const isStruck = (r: Resource) =>
    struck.has(r.logicalId) || struck.has(r.type) || r.type === 'AWS::S3::Bucket';
  const failed = stack.resources.filter(isStruck);
  if (failed.length === 0) failed.push(...stack.resources.slice(0, 1));
  stack.deletionTime = time - 1000;
  stack.setStatus(time - 1000, 'DELETE_IN_PROGRESS', 'User Initiated');
  for (const resource of stack.resources)
    stack.setResourceStatus(
      resource,
      time - 500,
      failed.includes(resource) ? 'DELETE_FAILED' : 'DELETE_COMPLETE',
    );
  const names = failed.map((resource) => resource.logicalId).join(', ');
  stack.setStatus(
    time,
    'DELETE_FAILED',
    `The following resource(s) failed to delete: [${names}]. `,
  );
}

/** What is in progress when the sandbox starts ends after `statusSeconds`, or never. */
function settleLater(
  cloudFormation: CloudFormation,
  stack: Stack,
  spec: StackSpec,
  now: number,
): void {
  if (spec.status === 'DELETE_IN_PROGRESS') {
    stack.status = 'CREATE_COMPLETE';
    cloudFormation.deletion.begin(stack, now);
    return;
  }
  if (!spec.status.endsWith('_IN_PROGRESS') || spec.status === 'REVIEW_IN_PROGRESS') return;
  const operation = {
    kind: 'OTHER' as const,
    startedAt: now,
    token: undefined,
    previousStatus: spec.status,
  };
  stack.operation = operation;
  if (spec.statusSeconds === undefined) return;
  const settled = spec.status
    .replace('_COMPLETE_CLEANUP_IN_PROGRESS', '_COMPLETE')
    .replace('_IN_PROGRESS', '_COMPLETE');
  cloudFormation.options.timeline.at(now + spec.statusSeconds * 1000, (time) => {
    if (stack.operation !== operation) return;
    stack.operation = undefined;
    stack.setStatus(time, settled);
  });
}
