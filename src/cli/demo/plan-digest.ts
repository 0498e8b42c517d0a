import type { SandboxAdmin } from '../../../sandbox/admin-client.js';
import type { Plan, PlanItem, TargetPlan } from '../../domain/cleanup/plan.js';
import { planTotals } from '../../domain/cleanup/totals.js';
import { plural } from '../../report/format.js';
import type { Output } from '../output.js';
import { padded } from '../views/text.js';
import { labelled } from './lines.js';

type StackState = Awaited<ReturnType<SandboxAdmin['stacks']>>[number];

/** A plan in short: how much goes where, and what is special about some of it. */
export function planDigest(plan: Plan, stacks: readonly StackState[], output: Output): string {
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
    ...nestedLines(plan, stacks, output),
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

function nestedLines(plan: Plan, stacks: readonly StackState[], output: Output): string[] {
  return itemsOf(plan).flatMap(({ id, name, decision }) => {
    const nested = stacks.filter(({ parentId }) => parentId === id);
    if (decision !== 'delete' || nested.length === 0) return [];
    const text = `${name}: its ${plural(nested.length, 'nested stack')} ${nested.length === 1 ? 'goes' : 'go'} with it`;
    return labelled(output.paint.cyan('nested'), text, output);
  });
}

function itemsOf({ targets }: Plan): PlanItem[] {
  return targets.flatMap((target) => target.items);
}
