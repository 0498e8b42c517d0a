import type { Plan } from '../../../domain/cleanup/plan.js';
import type { ResultItem, RunResult } from '../../../domain/cleanup/result.js';
import type { CloudRecord, StackState } from './cloud-record.js';

export interface Audit {
  /** Stacks that the result calls deleted. */
  stacks: number;
  /** DeleteStack calls, and those of them that began a delete. */
  sent: number;
  effective: number;
  /** Stacks whose delete AWS failed or called off, so that it was begun again. */
  again: ResultItem[];
  /** AWS calls of the run, and those to CloudFormation. */
  calls: number;
  cloudFormationCalls: number;
  /** Where the result and the cloud differ; empty when all is as it should be. */
  problems: string[];
}

/** Compares what a run says that it did with what the cloud saw and with what is left there. */
export function audit(plan: Plan, result: RunResult, { ledger, stacks, left }: CloudRecord): Audit {
  const items = result.targets.flatMap((target) => target.items);
  const deleted = items.filter(({ kind, outcome }) => kind === 'stack' && outcome === 'deleted');
  const begun = ledger.effectiveDeletes['DeleteStack'] ?? {};
  const cloudFormation = Object.entries(ledger.actions).filter(([action]) =>
    action.startsWith('cloudformation:'),
  );
  return {
    stacks: deleted.length,
    sent: sum(ledger.actions['cloudformation:DeleteStack'] ?? {}),
    effective: sum(begun),
    again: deleted.filter(({ id }) => (begun[id] ?? 0) > 1),
    calls: ledger.calls,
    cloudFormationCalls: cloudFormation.reduce((calls, [, outcomes]) => calls + sum(outcomes), 0),
    problems: [
      ...deletedProblems(deleted, begun, stacks),
      ...survivorProblems(deleted, begun, stacks),
      ...left.map((name) => `${name} is reported as deleted, but is still there`),
      ...planProblems(plan, items),
    ],
  };
}

function deletedProblems(
  deleted: readonly ResultItem[],
  begun: Record<string, number>,
  stacks: readonly StackState[],
): string[] {
  const status = new Map(stacks.map((stack) => [stack.id, stack.status]));
  return deleted.flatMap(({ id, name, attempts }) => {
    const times = begun[id] ?? 0;
    return [
      ...(status.get(id) === 'DELETE_COMPLETE'
        ? []
        : [`${name} is reported as deleted, but is ${status.get(id) ?? 'unknown'}`]),
      // The sandbox begins no delete of a stack that is going or gone, so every further one follows a failure
      // of AWS: the run must have known of it and tried again on purpose.
      ...(times >= 1 && times <= attempts
        ? []
        : [`${name} was deleted ${times} times, where the run knows of ${attempts}`]),
    ];
  });
}

function survivorProblems(
  deleted: readonly ResultItem[],
  begun: Record<string, number>,
  stacks: readonly StackState[],
): string[] {
  const reported = new Set(deleted.map(({ id }) => id));
  // Nested stacks go with their root and are not named by themselves.
  return stacks
    .filter(({ id, parentId }) => parentId === undefined && !reported.has(id))
    .filter(({ id, status }) => status === 'DELETE_COMPLETE' || begun[id] !== undefined)
    .map(({ name, status }) => `${name} was to stay, but a delete was begun; it is ${status}`);
}

function planProblems(plan: Plan, items: readonly ResultItem[]): string[] {
  const outcome = new Map(items.map((item) => [item.id, item.outcome]));
  return plan.targets
    .flatMap((target) => target.items)
    .filter(({ id, decision }) => decision === 'delete' && outcome.get(id) !== 'deleted')
    .map(({ id, name }) => `${name} was planned to go, but was ${outcome.get(id) ?? 'lost'}`);
}

function sum(counts: Record<string, number>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
