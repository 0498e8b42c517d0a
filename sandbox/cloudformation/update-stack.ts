import type { Timeline } from '../core/timeline.js';
import { validationError } from '../core/aws-error.js';
import { pairsParameter, requiredParameter, type QueryAction } from '../core/aws-query.js';
import { element } from '../core/xml.js';
import type { Operation, Stack } from './model.js';
import { isRepeat, requestToken } from './request-token.js';
import type { CloudFormationSettings } from './settings.js';
import type { Stacks } from './stacks.js';
import { templateOf } from './write-template.js';

const updatable = new Set([
  'CREATE_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_ROLLBACK_COMPLETE',
  'IMPORT_COMPLETE',
]);

/** UpdateStack, of tags alone: the sandbox has no new templates. */
export function updateStack(
  stacks: Stacks,
  timeline: Timeline,
  settings: CloudFormationSettings,
): QueryAction {
  return ({ accountId, region, parameters, now }) => {
    const wanted = requiredParameter(parameters, 'StackName');
    const token = requestToken(parameters);
    const stack = stacks.target(accountId, region).find(wanted);
    if (!stack || stack.isDeleted) throw validationError(`Stack [${wanted}] does not exist`);
    const answer = { xml: element('StackId', stack.id), subject: stack.id };
    if (isRepeat(stack, token, 'UPDATE')) return { ...answer, effective: false };
    if (!updatable.has(stack.status))
      throw validationError(
        `Stack:${stack.id} is in ${stack.status} state and can not be updated.`,
      );
    refuseNewTemplate(stack, parameters);
    const tags = pairsParameter(parameters, 'Tags');
    if (isSame(stack.tags, tags)) throw validationError('No updates are to be performed.');
    if (token !== undefined) stack.tokens.set(token, 'UPDATE');
    const operation: Operation = {
      kind: 'UPDATE',
      startedAt: now,
      token,
      previousStatus: stack.status,
    };
    stack.operation = operation;
    stack.updatedAt = now;
    stack.setStatus(now, 'UPDATE_IN_PROGRESS', 'User Initiated');
    timeline.at(now + settings.updateSeconds * 1000, (time) => {
      if (stack.operation !== operation) return;
      stack.tags = Object.fromEntries(tags);
      stack.setStatus(time, 'UPDATE_COMPLETE');
      stack.operation = undefined;
    });
    return { ...answer, effective: true };
  };
}

function refuseNewTemplate(stack: Stack, parameters: URLSearchParams): void {
  if (parameters.get('UsePreviousTemplate') === 'true') return;
  if (requiredParameter(parameters, 'TemplateBody') !== templateOf(stack))
    throw validationError('the sandbox updates tags only: give UsePreviousTemplate');
}

function isSame(tags: Readonly<Record<string, string>>, wanted: [string, string][]): boolean {
  return (
    wanted.length === Object.keys(tags).length &&
    wanted.every(([key, value]) => tags[key] === value)
  );
}
