import type { Plan, PlanItem, TargetPlan } from '../../../domain/cleanup/plan.js';
import { planTotals } from '../../../domain/cleanup/totals.js';
import { plural } from '../../../report/format.js';
import type { Output } from '../../output.js';
import { padded } from '../../views/text.js';
import { labelled } from '../lines.js';

/** A plan in short: how much goes where, and what is special about some of it. */
export function planDigest(plan: Plan, output: Output): string {
  const { paint } = output;
  const { totals } = plan;
  const waves = 1 + Math.max(0, ...itemsOf(plan).map(({ wave = 0 }) => wave));
  return [
    `${paint.bold('The plan')}: ${paint.green(`${totals.delete} to delete`)} in ${plural(waves, 'wave')}, ` +
      `${paint.yellow(`${totals.skip} skipped`)}, ${paint.magenta(`${totals.blocked} blocked`)}`,
    '',
    ...grid(plan),
    '',
    ...itemsOf(plan)
      .filter(({ decision, reason }) => decision !== 'delete' || reason !== undefined)
      .flatMap((item) => labelled(...special(item, output), output)),
  ].join('\n');
}

/** Accounts down, regions across: deletes in each. */
function grid({ targets }: Plan): string[] {
  const regions = [...new Set(targets.map(({ region }) => region))];
  const accounts = [...new Set(targets.map(({ account }) => account.name))];
  const cell = (name: string, region: string) => {
    const target = targets.find((each) => each.account.name === name && each.region === region);
    return target ? amountOf(target) : '';
  };
  const row = (name: string, cells: string[]) =>
    `  ${padded(name, 10)}${cells.map((text) => text.padStart(16)).join('')}`;
  return [
    row('', regions),
    ...accounts.map((name) =>
      row(
        name,
        regions.map((region) => cell(name, region)),
      ),
    ),
  ];
}

function amountOf({ items, error }: TargetPlan): string {
  return error ? 'failed' : String(planTotals(items).delete);
}

function special({ decision, name, reason = '' }: PlanItem, { paint }: Output): [string, string] {
  const text = `${name}: ${reason}`;
  switch (decision) {
    case 'delete':
      return [paint.cyan('note'), text];
    case 'skip':
      return [paint.yellow('skipped'), text];
    case 'blocked':
      return [paint.magenta('blocked'), text];
  }
}

function itemsOf({ targets }: Plan): PlanItem[] {
  return targets.flatMap((target) => target.items);
}
