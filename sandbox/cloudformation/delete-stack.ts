import { AwsError, validationError } from '../core/aws-error.js';
import { listParameter, requiredParameter, type QueryAction } from '../core/aws-query.js';
import type { Deletion } from './deleting.js';
import { isGone, type Stack } from './model.js';
import { isRepeat, requestToken } from './request-token.js';
import type { CloudFormationSettings } from './settings.js';
import type { Stacks } from './stacks.js';

// A delete may break into a creation, but not into an update.
const interruptible = new Set(['CREATE_IN_PROGRESS', 'ROLLBACK_IN_PROGRESS', 'REVIEW_IN_PROGRESS']);

export interface DeleteStackDependencies {
  stacks: Stacks;
  deletion: Deletion;
  settings: CloudFormationSettings;
  /** Whether CloudFormation can assume this role. */
  roleExists: (arn: string) => boolean;
}

/** DeleteStack: accepted or refused at once; what comes of it shows later. */
export function deleteStack(dependencies: DeleteStackDependencies): QueryAction {
  const { stacks, deletion, settings } = dependencies;
  return (call) => {
    const { parameters } = call;
    const wanted = requiredParameter(parameters, 'StackName');
    const token = requestToken(parameters);
    const target = stacks.target(call.accountId, call.region);
    const stack = target.find(wanted);
    if (!stack) return { subject: wanted, effective: false };
    if (stack.isDeleted || stack.operation?.kind === 'DELETE' || isRepeat(stack, token, 'DELETE'))
      return { subject: stack.id, effective: false };

    refuseProtected(stack, settings);
    refuseBusy(stack);
    refuseAsConfigured(stack);
    const retain = new Set(listParameter(parameters, 'RetainResources'));
    const force = parameters.get('DeletionMode') === 'FORCE_DELETE_STACK';
    refuseUnlessFailed(stack, retain, force);
    const roleArn = parameters.get('RoleARN');
    refuseWithoutRole(stack, roleArn, dependencies.roleExists);
    if (target.busyResources + stack.resources.length > settings.concurrentResourcesLimit)
      throw new AwsError(
        'LimitExceededException',
        `The maximum number of concurrent resource operations (${settings.concurrentResourcesLimit}) has been reached`,
      );

    if (token !== undefined) stack.tokens.set(token, 'DELETE');
    if (roleArn !== null) useRole(stack, roleArn);
    const express = parameters.get('DeploymentConfig.Mode') === 'EXPRESS';
    deletion.begin(stack, call.now, { token, retain, force, express });
    return { subject: stack.id, effective: true };
  };
}

function refuseProtected(stack: Stack, settings: CloudFormationSettings): void {
  if (!stack.root.protected) return;
  const name = settings.bracketlessRegions.includes(stack.region) ? stack.name : `[${stack.name}]`;
  throw validationError(`Stack ${name} cannot be deleted while TerminationProtection is enabled`);
}

function refuseBusy(stack: Stack): void {
  if (!stack.status.endsWith('_IN_PROGRESS') || interruptible.has(stack.status)) return;
  throw validationError(`Stack [${stack.id}] cannot be deleted while in status ${stack.status}`);
}

function refuseAsConfigured(stack: Stack): void {
  for (const failure of stack.failures) {
    if (failure.spec.kind !== 'refused') continue;
    failure.attempts += 1;
    const { code, message, times } = failure.spec;
    if (failure.attempts > (times ?? Infinity)) continue;
    throw new AwsError(code, message, code === 'InternalFailure' ? 500 : 400);
  }
}

function refuseUnlessFailed(stack: Stack, retain: ReadonlySet<string>, force: boolean): void {
  if (stack.status !== 'DELETE_FAILED') {
    if (force)
      throw validationError(
        `Invalid operation on stack [${stack.id}]. You can activate DeletionMode FORCE_DELETE_STACK in a delete stack operation only when the stack is in the DELETE_FAILED state.`,
      );
    if (retain.size > 0)
      throw validationError(
        `Invalid operation on stack [${stack.id}]. Specify resources to retain only when the stack is in the DELETE_FAILED state.`,
      );
  }
  for (const logicalId of retain) {
    const resource = stack.resources.find((candidate) => candidate.logicalId === logicalId);
    if (!resource)
      throw validationError(
        `The specified resources to retain do not exist in the stack: [${logicalId}]`,
      );
    // rebuy-de/aws-nuke#270
    if (isGone(resource))
      throw validationError(
        'The specified resources to retain must be in a valid state. Do not specify resources that are in the DELETE_COMPLETE state.',
      );
  }
}

function refuseWithoutRole(
  stack: Stack,
  given: string | null,
  roleExists: (arn: string) => boolean,
): void {
  const arn = given ?? stack.roleArn;
  if (arn === undefined) return;
  const gone = given === null && stack.failures.some(({ spec }) => spec.kind === 'roleGone');
  if (gone || (given !== null && !roleExists(given)))
    throw validationError(`Role ${arn} is invalid or cannot be assumed`);
}

/** CloudFormation remembers the role it was given last. */
function useRole(stack: Stack, arn: string): void {
  stack.roleArn = arn;
  stack.failures = stack.failures.filter(({ spec }) => spec.kind !== 'roleGone');
}
