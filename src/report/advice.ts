import { failureClasses, type FailureClass } from '../domain/cleanup/classify.js';
import type { ResultItem } from '../domain/cleanup/result.js';
import type { ReportItem } from './model.js';

const general =
  'Read its events: the first DELETE_FAILED names the resource that holds it. Mend that and run again; what is gone is not touched twice.';

/** What a person does next about a failure of each class. */
const byClass: Record<FailureClass, string> = {
  'bucket-not-empty':
    'Something wrote to the bucket while it was being emptied, or the policy does not have it emptied. Stop the writer, or set nonEmptyBuckets: empty, and run again.',
  'network-interfaces':
    'AWS takes up to 45 minutes to release the network interfaces of a Lambda function. Run again later; nothing else is needed.',
  'replicated-function':
    'The replicas of a Lambda@Edge function go hours after the last distribution lets go of it. Run again tomorrow.',
  'dependent-object':
    'A resource outside the stack still uses one inside it. Remove or detach it, and run again.',
  throttled: 'AWS throttled to the end. Run again, at a lower pace for this account and region.',
  'role-gone':
    'The role that the stack was created with is gone. Configure a role to delete with, and run again.',
  'access-denied':
    'The role that deletes may not remove this resource. Widen its permissions, and run again.',
  'timed-out':
    'AWS was still at it when the time for one delete was up. Look at the stack in the console; if it has ended, run again.',
  unknown: general,
};

/** One or two sentences: what to do about an item that failed. */
export function failureAdvice(item: ResultItem): string {
  const known = failureClasses.find((name) => name === item.failureClass);
  if (known !== undefined) return byClass[known];
  if ((item.events ?? []).length > 0) return general;
  return 'Mend what the reason names and run again; what is gone is not touched twice.';
}

/** One sentence: what to do about an item that is blocked. */
export function blockedAdvice({ result, target }: ReportItem): string {
  const holders = result.blockedBy ?? [];
  if (holders.length === 0) return 'Remove what holds it, and run again.';
  const outside = holders.filter(({ id }) => !target.byId.has(id));
  const list = (outside.length > 0 ? outside : holders).map(({ name }) => name);
  const names = list.length > 3 ? `${list.slice(0, 3).join(', ')} and others` : list.join(', ');
  if (outside.length === 0) return `It can go once ${names} has gone: see to that first.`;
  return `Delete ${names} first, or have a policy select it too, and run again.`;
}
