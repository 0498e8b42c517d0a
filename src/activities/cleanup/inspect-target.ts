import type { AwsConnections } from '../../aws/connections.js';
import { type PlannedItem, buildPlan } from '../../domain/cleanup/build-plan.js';
import type { InspectedResource } from '../../domain/cleanup/inspection.js';
import { targetPlanHash } from '../../domain/cleanup/plan-hash.js';
import type { Access, TargetInspection } from '../../domain/cleanup/spec.js';
import type { Pace } from '../../domain/config/index.js';
import { matchesGlob } from '../../domain/glob.js';
import type { Policy } from '../../domain/policy/index.js';
import type { Target } from '../../domain/target.js';
import { inspectBuckets } from './inspect-buckets.js';
import { inspectSnapshots } from './inspect-snapshots.js';
import { inspectStacks } from './inspect-stacks.js';

export interface InspectTargetRequest {
  target: Target;
  access: Access;
  pace: Pace;
  policies: Policy[];
  /** Globs of names that are never deleted. */
  protect: string[];
  /** Look every candidate's termination protection up by name. */
  certain: boolean;
  /** Ids that are known from an earlier look: which of them are no more is told. */
  known: string[];
}

/** Looks at a target and plans what the policies select there. Deletes nothing. */
export async function inspectTarget(
  aws: AwsConnections,
  request: InspectTargetRequest,
  signal: AbortSignal,
): Promise<Omit<TargetInspection, 'awsCalls'>> {
  const { target, access, pace, policies, protect, certain } = request;
  await aws.verifyAccount(target, access, pace);
  const now = new Date();
  const of = (kind: Policy['resource']) => policies.filter(({ resource }) => resource === kind);
  const look = { target, now, signal };

  const stacks =
    of('stack').length === 0
      ? undefined
      : await inspectStacks({
          ...look,
          client: aws.cloudFormation(target, access, pace),
          policies: of('stack'),
          certain,
        });
  const buckets =
    of('bucket').length === 0
      ? undefined
      : await inspectBuckets({
          ...look,
          client: aws.s3(target, access, pace),
          policies: of('bucket'),
        });
  const snapshots =
    of('rds-snapshot').length === 0
      ? undefined
      : await inspectSnapshots({
          ...look,
          client: aws.rds(target, access, pace),
          policies: of('rds-snapshot'),
        });

  const resources: InspectedResource[] = [
    ...(stacks?.selected ?? []),
    ...(buckets?.selected ?? []),
    ...(snapshots?.selected ?? []),
  ];
  const items = buildPlan(resources, {
    terminationProtection: (name) =>
      policies.find((policy) => policy.name === name)?.options.terminationProtection ?? 'skip',
    protectedBy: (name) => protect.find((glob) => matchesGlob(name, glob)),
  });
  const living = new Set([
    ...(stacks?.ids ?? []),
    ...(buckets?.ids ?? []),
    ...(snapshots?.ids ?? []),
  ]);
  return {
    items: inPolicyOrder(items, policies),
    hash: targetPlanHash(target, items),
    livingStacks: stacks?.living ?? 0,
    gone: request.known.filter((id) => !living.has(id)),
  };
}

function inPolicyOrder(items: readonly PlannedItem[], policies: readonly Policy[]): PlannedItem[] {
  const place = new Map(policies.map(({ name }, index) => [name, index]));
  const rank = (item: PlannedItem) => place.get(item.policy) ?? 0;
  return [...items].sort(
    (a, b) => rank(a) - rank(b) || (a.wave ?? 0) - (b.wave ?? 0) || a.name.localeCompare(b.name),
  );
}
