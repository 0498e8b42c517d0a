import { findCycles, invert, reachable, waves } from './graph.js';
import type { InspectedResource, InspectedSnapshot, InspectedStack } from './inspection.js';
import type { PlanItem, Reference } from './plan.js';

export interface PlanRules {
  /** Whether a policy deletes stacks whose termination protection is on. */
  terminationProtection: (policy: string) => 'skip' | 'disable';
  /** Whether the rails keep a resource of this name, and by which pattern. */
  protectedBy: (name: string) => string | undefined;
}

/** A plan item with what the run needs to carry it out, beyond what a plan shows. */
export interface PlannedItem extends PlanItem {
  /** Ids of readers that go first where that is possible, and never block. */
  after?: string[];
  /** Status at the time of inspection. */
  status?: string;
}

/**
 * Decides what becomes of each selected resource of one target.
 *
 * Only imports of exports block a delete: CloudFormation itself refuses then. A reader through
 * Fn::GetStackOutput does not block, so it orders the deletes and gives way where it would close a
 * circle.
 */
export function buildPlan(
  resources: readonly InspectedResource[],
  rules: PlanRules,
): PlannedItem[] {
  const stacks = resources.filter((resource) => resource.kind === 'stack');
  const skipped = new Map<string, string>();
  for (const resource of resources) {
    const reason = skipReason(resource, rules);
    if (reason !== undefined) skipped.set(resource.id, reason);
  }
  const candidates = stacks.filter((stack) => !skipped.has(stack.id));
  const blocked = findBlocked(candidates);
  const going = candidates.filter((stack) => !blocked.has(stack.id));
  const order = orderStacks(going);

  return resources.map((resource) => {
    const base = {
      kind: resource.kind,
      id: resource.id,
      name: resource.name,
      policy: resource.policy,
    };
    const skip = skipped.get(resource.id);
    if (skip !== undefined) return { ...base, decision: 'skip', reason: skip };
    const block = blocked.get(resource.id);
    if (block) return { ...base, decision: 'blocked', ...block };
    if (resource.kind !== 'stack') return { ...base, decision: 'delete', wave: 0 };
    return { ...base, decision: 'delete', status: resource.status, ...order(resource) };
  });
}

function skipReason(resource: InspectedResource, rules: PlanRules): string | undefined {
  if (resource.refusal !== undefined) return resource.refusal;
  const pattern = rules.protectedBy(resource.name);
  if (pattern !== undefined) return `kept by the rails (protect: ${pattern})`;
  switch (resource.kind) {
    case 'stack':
      return skipReasonOfStack(resource, rules);
    case 'rds-snapshot':
      return skipReasonOfSnapshot(resource);
    case 'bucket':
      return undefined;
  }
}

function skipReasonOfStack(stack: InspectedStack, rules: PlanRules): string | undefined {
  if (stack.root) return `nested in ${stack.root.name}, and goes with it`;
  // Deleting an instance fights the StackSet that owns it (facts: StackSet instances).
  if (stack.name.startsWith('StackSet-')) return 'an instance of a StackSet: delete it there';
  if (stack.protected && rules.terminationProtection(stack.policy) === 'skip') {
    return 'termination protection is enabled';
  }
  return undefined;
}

function skipReasonOfSnapshot(snapshot: InspectedSnapshot): string | undefined {
  if (snapshot.snapshotType === 'automated') {
    return 'an automated snapshot: it goes with its instance or its retention period';
  }
  if (snapshot.snapshotType !== 'manual')
    return `a ${snapshot.snapshotType} snapshot is not ours to delete`;
  return undefined;
}

interface Block {
  reason: string;
  blockedBy: Reference[];
}

/** Stacks that can't go because something that stays, or a circle, imports from them. */
function findBlocked(candidates: readonly InspectedStack[]): Map<string, Block> {
  const byId = new Map(candidates.map((stack) => [stack.id, stack]));
  const blocked = new Map<string, Block>();
  const block = (stack: InspectedStack, why: string, blockedBy: Reference[]) => {
    blocked.set(stack.id, { reason: `${why} ${nameList(blockedBy)}`, blockedBy });
  };

  for (const stack of candidates) {
    const outside = stack.importers.filter((importer) => !byId.has(importer.id));
    if (outside.length > 0) block(stack, 'an export is imported by', outside);
  }
  const imports = new Map(candidates.map((stack) => [stack.id, stack.importers.map((i) => i.id)]));
  for (const cycle of findCycles(imports)) {
    const members = cycle.flatMap((id) => byId.get(id) ?? []).map(({ id, name }) => ({ id, name }));
    for (const { id } of members) {
      const stack = byId.get(id);
      if (stack && !blocked.has(id)) block(stack, 'part of a cycle of imports:', members);
    }
  }
  // What a blocked stack imports from is blocked in turn, by that stack.
  for (const id of reachable(invert(imports), [...blocked.keys()])) {
    const stack = byId.get(id);
    if (!stack || blocked.has(id)) continue;
    blocked.set(id, { reason: '', blockedBy: [] });
  }
  for (const [id, entry] of blocked) {
    const stack = byId.get(id);
    if (!stack || entry.blockedBy.length > 0) continue;
    block(
      stack,
      'an export is imported by a stack that stays:',
      stack.importers.filter((i) => blocked.has(i.id)),
    );
  }
  return blocked;
}

function orderStacks(
  going: readonly InspectedStack[],
): (stack: InspectedStack) => Partial<PlannedItem> {
  const names = new Map(going.map((stack) => [stack.id, stack.name]));
  const imports = new Map(going.map((stack) => [stack.id, stack.importers.map((i) => i.id)]));
  const wanted = new Map(
    going.map((stack) => [
      stack.id,
      stack.readers.filter((id) => id !== stack.id && names.has(id)),
    ]),
  );
  const both = (id: string) => [...(imports.get(id) ?? []), ...(wanted.get(id) ?? [])];
  const notes = new Map<string, string>();
  for (const cycle of findCycles(new Map(going.map(({ id }) => [id, both(id)])))) {
    const members = new Set(cycle);
    for (const id of cycle) {
      notes.set(
        id,
        `in a cycle with ${cycle
          .filter((other) => other !== id)
          .map((other) => names.get(other))
          .join(', ')}: Fn::GetStackOutput gives way`,
      );
      wanted.set(
        id,
        (wanted.get(id) ?? []).filter((reader) => !members.has(reader)),
      );
    }
  }
  const wave = waves(new Map(going.map(({ id }) => [id, both(id)])));
  return ({ id }) => {
    const dependents = [...new Set(imports.get(id))];
    const after = [...new Set(wanted.get(id))].filter((reader) => !dependents.includes(reader));
    const reason = notes.get(id);
    return {
      wave: wave.get(id) ?? 0,
      ...(dependents.length + after.length > 0 ? { dependents: [...dependents, ...after] } : {}),
      ...(after.length > 0 ? { after } : {}),
      ...(reason === undefined ? {} : { reason }),
    };
  };
}

function nameList(references: readonly Reference[]): string {
  const shown = references.slice(0, 5).map((reference) => reference.name);
  const more = references.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}
