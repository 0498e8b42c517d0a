import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { type Target, targetKey } from '../target.js';
import type { PlanItem } from './plan.js';

/**
 * Names what a target's plan would do: the resources, decisions and order, not the wording.
 * Two plans with the same hash delete the same resources in the same order.
 */
export function targetPlanHash(
  target: Target,
  items: readonly PlanItem[],
  error?: { code: string },
): string {
  const lines = items.map((item) =>
    JSON.stringify([
      item.kind,
      item.id,
      item.policy,
      item.decision,
      [...(item.dependents ?? [])].sort(),
      (item.blockedBy ?? []).map((by) => by.id).sort(),
    ]),
  );
  return digest([targetKey(target), error?.code ?? '', ...lines.sort()]);
}

/** Names the plan of a run: the hashes of its targets, in any order. */
export function runPlanHash(targetHashes: readonly string[]): string {
  return digest([...targetHashes].sort());
}

function digest(lines: readonly string[]): string {
  // 16 hex digits: short enough to type, and an accident is out of the question.
  return bytesToHex(sha256(utf8ToBytes(lines.join('\n')))).slice(0, 16);
}
