import { renderLinePlan } from '../../views/image-plan.js';
import { paragraph } from '../lines.js';
import type { Stage } from './stage.js';

/** The line is planned, and checked for the first time: it builds no more than was allowed beforehand. */
export async function checkFirst({ line, output, processes: { signal } }: Stage): Promise<void> {
  const { columns, paint } = output;
  const plan = await line.plan(signal);
  output.print('What a first check would do, as `nightshift images plan` shows it:\n');
  output.print(renderLinePlan(plan, { columns, colours: paint, now: Date.now() }));
  const { started, awaitingApproval } = await line.check({}, signal);
  const text =
    `→ The first check. ${started.length} images are set to be built, the firstRunLimit of the config; ` +
    `${awaitingApproval} wait for approval.`;
  output.print(['', ...paragraph(text, output, 0), ''].join('\n'));
}
