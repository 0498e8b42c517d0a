import type { Command } from 'commander';
import { exitCodeOfPlan } from '../exit.js';
import { type Output, printJson } from '../output.js';
import { withSession } from '../session.js';
import { renderPlan } from '../views/plan-view.js';
import { makePlan } from './make-plan.js';
import { type ScopeFlags, addScopeFlags, railsOf, requestOf } from './request.js';

/** `nightshift cleanup plan` */
export function planCommand(parent: Command, output: Output): void {
  addScopeFlags(
    parent.command('plan').description('show what a run would delete, and why; deletes nothing'),
  ).action(async (flags: ScopeFlags) => {
    process.exitCode = await withSession(
      { ...flags, needsConfig: flags.local ?? false },
      async (session) => {
        const plan = await makePlan(session, requestOf(flags, session), output);
        if (flags.json) printJson(output, plan);
        else
          output.print(
            renderPlan(plan, {
              ...railsOf(session),
              columns: output.columns,
              colours: output.paint,
            }),
          );
        return exitCodeOfPlan(plan);
      },
    );
  });
}
