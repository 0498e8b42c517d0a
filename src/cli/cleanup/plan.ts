import type { Command } from 'commander';
import { exitCodes } from '../exit.js';
import { type Output, printJson } from '../output.js';
import { withSession } from '../session.js';
import { renderPlan } from '../views/plan-view.js';
import { type ScopeFlags, addScopeFlags, requestOf } from './request.js';

/** `nightshift cleanup plan` */
export function planCommand(parent: Command, output: Output): void {
  addScopeFlags(
    parent.command('plan').description('show what a run would delete, and why; deletes nothing'),
  ).action(async (flags: ScopeFlags) => {
    const plan = await withSession(flags, (session) =>
      session.nightshift.cleanup.plan(requestOf(flags, session)),
    );
    if (flags.json) printJson(output, plan);
    else output.print(renderPlan(plan));
    process.exitCode = exitCodeOfPlan(plan);
  });
}

/** A target that could not be looked at makes a plan less than whole. */
export function exitCodeOfPlan({
  targets,
}: {
  targets: readonly { error?: { code: string } | undefined }[];
}): number {
  const failed = targets.filter(({ error }) => error);
  if (failed.length === 0) return exitCodes.done;
  return failed.length === targets.length &&
    failed.every(({ error }) => error?.code === 'AwsAccess')
    ? exitCodes.noAccess
    : exitCodes.failed;
}
