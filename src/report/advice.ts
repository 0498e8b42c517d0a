import type { ResultItem } from '../domain/cleanup/result.js';

/** What a person does next about a failure, by the class that `docs/operations.md` lists. */
const byClass: Record<string, string> = {
  'bucket-not-empty':
    'Something wrote to the bucket while it was being emptied, or the policy does not empty it. Stop the writer, or set nonEmptyBuckets: empty, and run again.',
  'network-interfaces':
    'AWS takes up to 45 minutes to release the network interfaces of a Lambda function. Run again later; nothing else is needed.',
  'replicated-function':
    'Lambda@Edge replicas go hours after the last distribution lets go of them. Run again tomorrow.',
  'dependent-object':
    'A resource outside the stack still uses one inside it. Remove or detach it, then run again.',
  throttled: 'AWS went on throttling. Run again, or lower the pace for this account and region.',
  'role-missing':
    'The role that the stack was created with is gone. Configure a role to delete with, then run again.',
  'access-denied':
    'The role that deletes is not allowed to remove this resource. Widen its permissions, then run again.',
};

const general =
  'Read the events below: the first DELETE_FAILED names the resource that holds the stack. Mend it, then run again; what is gone already is not touched twice.';

/** One or two sentences: what to do about an item that failed. */
export function failureAdvice(item: ResultItem): string {
  const known = item.failureClass === undefined ? undefined : byClass[item.failureClass];
  if (known !== undefined) return known;
  if ((item.events ?? []).length > 0) return general;
  return 'Mend what the reason names, then run again; what is gone already is not touched twice.';
}

/** One sentence: what to do about an item that is blocked. */
export function blockedAdvice(item: ResultItem): string {
  const names = (item.blockedBy ?? []).map((reference) => reference.name);
  if (names.length === 0) return 'Remove what holds it, then run again.';
  const listed = names.length > 3 ? `${names.slice(0, 3).join(', ')} and others` : names.join(', ');
  return `Delete ${listed} first, or have a policy select it too, then run again.`;
}
