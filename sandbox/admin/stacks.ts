import { AwsError } from '../core/aws-error.js';
import { armed } from '../cloudformation/failures.js';
import type { Stack } from '../cloudformation/model.js';
import { seedStack } from '../cloudformation/seed.js';
import type { CloudFormation } from '../cloudformation/service.js';
import type { AdminDependencies } from './handler.js';
import { changeStackSchema, createStackSchema, type StackState } from './schema.js';

/** Stacks of every target, deleted ones included, by account, region, name, id or status. */
export function listStacks(cloudFormation: CloudFormation, query: URLSearchParams): StackState[] {
  const wanted = Object.fromEntries(query);
  const found: StackState[] = [];
  for (const stack of cloudFormation.stacks.all()) {
    const matches =
      (wanted['account'] ?? stack.accountId) === stack.accountId &&
      (wanted['region'] ?? stack.region) === stack.region &&
      (wanted['name'] ?? stack.name) === stack.name &&
      (wanted['id'] ?? stack.id) === stack.id &&
      (wanted['status'] ?? stack.status) === stack.status;
    if (matches) found.push(stateOf(stack));
  }
  return found;
}

/** Puts a stack there at once, as the fleet file would. */
export function createStack(dependencies: AdminDependencies, input: unknown): StackState {
  const { account: named, region, ...spec } = createStackSchema.parse(input);
  const { cloudFormation } = dependencies.services;
  const account = dependencies.directory.account(named);
  if (!account) throw new AwsError('NoSuchAccount', `no account "${named}"`, 404);
  const place = { accountId: account.id, region };
  const target = cloudFormation.stacks.target(place.accountId, region);
  const known = target.find(spec.name);
  if (known) throw new AwsError('AlreadyExists', `${known.id} is there already`, 409);
  const taken = spec.exports
    .map((exported) => (typeof exported === 'string' ? exported : exported.name))
    .find((name) => target.exporterOf(name) !== undefined);
  if (taken !== undefined)
    throw new AwsError('AlreadyExists', `export ${taken} is there already`, 409);
  return stateOf(seedStack(cloudFormation, place, spec));
}

/** Changes a stack behind CloudFormation's back. */
export function changeStack(cloudFormation: CloudFormation, input: unknown): StackState {
  const change = changeStackSchema.parse(input);
  const stack = [...cloudFormation.stacks.all()].find(({ id }) => id === change.id);
  if (!stack) throw new AwsError('NoSuchStack', `no stack ${change.id}`, 404);
  if (change.protected !== undefined) stack.protected = change.protected;
  if (change.tags) stack.tags = change.tags;
  if (change.deleteSeconds !== undefined) stack.deleteMs = change.deleteSeconds * 1000;
  if (change.failures) stack.failures = change.failures.map(armed);
  if (change.status !== undefined) {
    stack.operation = undefined;
    stack.setStatus(cloudFormation.options.clock.now(), change.status);
  }
  stack.xml = undefined;
  return stateOf(stack);
}

function stateOf(stack: Stack): StackState {
  const { deletedAt, statusReason, parent } = stack;
  return {
    id: stack.id,
    name: stack.name,
    account: stack.accountId,
    region: stack.region,
    status: stack.status,
    protected: stack.protected,
    tags: { ...stack.tags },
    exports: stack.exportNames,
    imports: [...stack.imports],
    createdAt: new Date(stack.createdAt).toISOString(),
    ...(statusReason === undefined ? {} : { statusReason }),
    ...(parent ? { parentId: parent.id } : {}),
    ...(deletedAt === undefined ? {} : { deletedAt: new Date(deletedAt).toISOString() }),
  };
}
