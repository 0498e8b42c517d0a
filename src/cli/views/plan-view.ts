import pc from 'picocolors';
import type { Plan, PlanItem } from '../../domain/cleanup/plan.js';

const namesShown = 200;

/** A plan as text: per target, what would go and when, what stays and why. */
export function renderPlan(plan: Plan): string {
  const { totals } = plan;
  const lines = [
    `${pc.bold('Plan')}  ${plan.targets.length} targets: ${pc.green(`${totals.delete} to delete`)}, ${totals.skip} skipped, ${totals.blocked} blocked   ${pc.dim(`hash ${plan.planHash}`)}`,
  ];
  for (const target of plan.targets) {
    if (target.items.length === 0 && !target.error) continue;
    lines.push(
      '',
      pc.bold(`${target.account.name} / ${target.region}`) + pc.dim(`  ${target.account.id}`),
    );
    if (target.error) lines.push(`  ${pc.red('failed')}   ${target.error.message}`);
    lines.push(...waveLines(target.items), ...stayLines(target.items));
  }
  for (const refusal of plan.refusals ?? []) lines.push('', `${pc.red('refused')}  ${refusal}`);
  return lines.join('\n');
}

function waveLines(items: readonly PlanItem[]): string[] {
  const waves = groupBy(
    items.filter(({ decision }) => decision === 'delete'),
    ({ wave = 0 }) => wave,
  );
  return [...waves]
    .sort(([a], [b]) => a - b)
    .flatMap(([wave, members]) =>
      members.slice(0, namesShown).map((item, index) => {
        const label = index === 0 ? `wave ${wave + 1}` : '';
        const note = item.reason === undefined ? '' : pc.dim(`  ${item.reason}`);
        return `  ${pc.cyan(label.padEnd(8))} ${item.name}${item.kind === 'stack' ? '' : pc.dim(`  ${item.kind}`)}${note}`;
      }),
    );
}

function stayLines(items: readonly PlanItem[]): string[] {
  return items
    .filter(({ decision }) => decision !== 'delete')
    .map((item) => {
      const label = item.decision === 'skip' ? pc.yellow('skip    ') : pc.magenta('blocked ');
      return `  ${label} ${item.name}  ${pc.dim(item.reason ?? '')}`;
    });
}

// Node 20 has no Map.groupBy.
function groupBy<T, K>(values: readonly T[], keyOf: (value: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const value of values) {
    const group = groups.get(keyOf(value));
    if (group) group.push(value);
    else groups.set(keyOf(value), [value]);
  }
  return groups;
}
