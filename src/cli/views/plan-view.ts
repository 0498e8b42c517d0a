import type { Plan, PlanItem, TargetPlan } from '../../domain/cleanup/plan.js';
import type { Rails } from '../../domain/cleanup/rails.js';
import { planTotals } from '../../domain/cleanup/totals.js';
import { targetName } from '../../domain/target.js';
import type { Colours } from '../output.js';
import { flow, hanging, padded, wrapped } from './text.js';

/** Names of a wave that are shown; `--json` has all of them. */
const namesShown = 200;
const indent = 11;

export interface PlanRendering {
  columns: number;
  colours: Colours;
  /** The rails of the config, where it is known. */
  rails?: Rails;
}

/** A plan as text: per target, what would go and when, what stays and why. */
export function renderPlan(plan: Plan, how: PlanRendering): string {
  const { colours } = how;
  const shown = plan.targets.filter(({ items, error }) => items.length > 0 || error);
  const idle = plan.targets.filter((target) => !shown.includes(target));
  const nothing = `Nothing to delete: ${idle.map(targetName).join(', ')}`;
  return [
    ...shown.flatMap((target) => [...targetLines(target, how), '']),
    ...(idle.length > 0 ? [...wrapped(nothing, 0, how.columns).map(colours.dim), ''] : []),
    ...totalLines(plan, how),
  ].join('\n');
}

function totalLines(plan: Plan, { colours, rails, columns }: PlanRendering): string[] {
  const { totals, targets } = plan;
  const failed = targets.filter(({ error }) => error).length;
  const limits = [
    ...(rails?.maxDeletes === undefined
      ? []
      : [`${totals.delete} of ${rails.maxDeletes} deletes allowed`]),
    ...(rails?.maxDeletePercent === undefined
      ? []
      : [`at most ${rails.maxDeletePercent} % of a target’s stacks`]),
  ];
  const sums = sumsOf(totals, colours);
  return [
    `${colours.bold('Plan')}     ${sums} in ${targets.length} ${targets.length === 1 ? 'target' : 'targets'}`,
    ...(failed > 0 ? [`         ${colours.red(`${failed} of them could not be looked at`)}`] : []),
    `Hash     ${plan.planHash}`,
    ...(limits.length > 0 ? [`Rails    ${limits.join('; ')}`] : []),
    ...(plan.refusals ?? []).flatMap((refusal) =>
      hanging(colours.red('refused'), refusal, 9, columns),
    ),
  ];
}

function sumsOf(totals: Plan['totals'], colours: Colours): string {
  const parts = [
    (totals.delete > 0 ? colours.green : String)(`${totals.delete} to delete`),
    totals.skip > 0 ? colours.yellow(`${totals.skip} skipped`) : '',
    totals.blocked > 0 ? colours.magenta(`${totals.blocked} blocked`) : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

function targetLines(target: TargetPlan, how: PlanRendering): string[] {
  const { colours, columns } = how;
  const sums = target.error ? '' : `  ${sumsOf(planTotals(target.items), colours)}`;
  return [
    `${colours.bold(targetName(target))} ${colours.dim(target.account.id)}${sums}`,
    ...(target.error ? errorLines(target.error, how) : []),
    ...waveLines(target.items, how),
    ...target.items
      .filter(({ decision, reason }) => decision !== 'delete' || reason !== undefined)
      .flatMap((item) => hanging(labelOf(item, colours), itemText(item), indent, columns)),
  ];
}

function errorLines(
  { message, hint }: NonNullable<TargetPlan['error']>,
  { colours, columns }: PlanRendering,
): string[] {
  return [
    ...hanging(`  ${colours.red('failed')}`, message, indent, columns),
    ...(hint === undefined ? [] : hanging('', `→ ${hint}`, indent, columns)),
  ];
}

function waveLines(items: readonly PlanItem[], { colours, columns }: PlanRendering): string[] {
  const waves = groupBy(
    items.filter(({ decision }) => decision === 'delete'),
    ({ wave = 0 }) => wave,
  );
  return [...waves]
    .sort(([a], [b]) => a - b)
    .flatMap(([wave, members]) => {
      const names = members.slice(0, namesShown).map((item) => named(item, colours));
      const rest = members.length - names.length;
      if (rest > 0) names.push(colours.dim(`and ${rest} more`));
      return flow(names, columns - indent).map(
        (line, index) =>
          padded(index === 0 ? `  ${colours.cyan(`wave ${wave + 1}`)}` : '', indent) + line,
      );
    });
}

function labelOf({ decision }: PlanItem, colours: Colours): string {
  switch (decision) {
    case 'delete':
      return `  ${colours.cyan('note')}`;
    case 'skip':
      return `  ${colours.yellow('skipped')}`;
    case 'blocked':
      return `  ${colours.magenta('blocked')}`;
  }
}

function itemText(item: PlanItem): string {
  const kind = item.kind === 'stack' ? '' : ` (${item.kind})`;
  return `${item.name}${kind}: ${item.reason ?? ''}`;
}

function named({ name, kind }: PlanItem, colours: Colours): string {
  return kind === 'stack' ? name : `${name}${colours.dim(` (${kind})`)}`;
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
