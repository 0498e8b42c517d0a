import { validationError } from '../core/aws-error.js';
import type { QueryAction, QueryCall } from '../core/aws-query.js';
import { listParameter } from '../core/aws-query.js';
import { element, list, type Xml } from '../core/xml.js';
import type { Stack } from './model.js';
import { pagePosition, pageToken } from './paging.js';
import { describedStack, describedStackAt, summarisedStack } from './render.js';
import type { CloudFormationSettings } from './settings.js';
import type { Stacks, TargetStacks } from './stacks.js';

const pageItems = 100;
const describePageBytes = 1_000_000;
const ninetyDays = 90 * 86_400_000;

/** DescribeStacks: one by name or StackId (deleted ones by StackId only), or all that aren't deleted, in pages. */
export function describeStacks(stacks: Stacks, settings: CloudFormationSettings): QueryAction {
  return (call) => {
    const target = stacks.target(call.accountId, call.region);
    const wanted = call.parameters.get('StackName');
    if (wanted !== null) return describeOne(call, target, wanted);
    const page = pageOf(call, target, pageItems, describePageBytes, (stack) => {
      const status = seenBy(stack, call)?.status;
      if (status === undefined || status === 'DELETE_COMPLETE') return undefined;
      return described(stack, call) + listedProtection(stack, settings);
    });
    return { xml: list('Stacks', page.items) + element('NextToken', page.next) };
  };
}

function describeOne(call: QueryCall, target: TargetStacks, wanted: string) {
  const stack = findReadable(target, wanted, call.now);
  return {
    xml: list('Stacks', [
      described(stack, call) + element('EnableTerminationProtection', stack.root.protected),
    ]),
    subject: stack.id,
  };
}

/** A stack by name, or by StackId for as long as AWS remembers it. */
export function findReadable(target: TargetStacks, nameOrId: string, now: number): Stack {
  const stack = target.find(nameOrId);
  if (!stack || (stack.deletedAt !== undefined && stack.deletedAt < now - ninetyDays))
    throw validationError(`Stack with id ${nameOrId} does not exist`);
  return stack;
}

/** ListStacks: newest first, the deleted ones for 90 days, filtered by status. */
export function listStacks(stacks: Stacks): QueryAction {
  return (call) => {
    const wanted = new Set(listParameter(call.parameters, 'StackStatusFilter'));
    const target = stacks.target(call.accountId, call.region);
    const page = pageOf(call, target, pageItems, Infinity, (stack) => {
      if (stack.deletedAt !== undefined && stack.deletedAt < call.now - ninetyDays)
        return undefined;
      const seen = seenBy(stack, call);
      if (!seen || (wanted.size > 0 && !wanted.has(seen.status))) return undefined;
      return summarisedStack(stack, seen.status, seen.reason);
    });
    return { xml: list('StackSummaries', page.items) + element('NextToken', page.next) };
  };
}

/**
 * A page, newest stack first. Positions in `ordered` never change, so a token stays true while stacks come and go.
 */
function pageOf(
  call: QueryCall,
  target: TargetStacks,
  maxItems: number,
  maxBytes: number,
  render: (stack: Stack) => Xml | undefined,
): { items: Xml[]; next: string | undefined } {
  const start = pagePosition(call.parameters);
  const items: Xml[] = [];
  let bytes = 0;
  let index = start === undefined ? target.ordered.length - 1 : Number(start);
  for (; index >= 0; index--) {
    const stack = target.ordered[index];
    const xml = stack && render(stack);
    if (xml === undefined) continue;
    bytes += xml.length;
    if (items.length === maxItems || (items.length > 0 && bytes > maxBytes))
      return { items, next: pageToken(index) };
    items.push(xml);
  }
  return { items, next: undefined };
}

/** The status that a call sees: now's, or an older one when its read is stale. */
function seenBy(
  stack: Stack,
  call: QueryCall,
): { status: string; reason: string | undefined } | undefined {
  const { asOf } = call.request;
  if (asOf !== undefined) return stack.statusAt(asOf);
  return { status: stack.status, reason: stack.statusReason };
}

function described(stack: Stack, call: QueryCall): Xml {
  const { asOf } = call.request;
  return asOf === undefined ? describedStack(stack) : describedStackAt(stack, asOf);
}

function listedProtection(stack: Stack, settings: CloudFormationSettings): Xml {
  const shown = settings.listShowsProtection;
  if (shown === 'omitted') return '';
  return element('EnableTerminationProtection', shown && stack.root.protected);
}
