import { userInfo } from 'node:os';
import type { Command } from 'commander';
import type { RunHandle } from '../../client/index.js';
import { InvalidInputError, NightshiftError } from '../../domain/errors.js';
import { confirmed } from '../confirm.js';
import { exitCodes } from '../exit.js';
import type { Output } from '../output.js';
import type { Session } from '../session.js';
import { renderPlan } from '../views/plan-view.js';
import { railsOf } from './request.js';
import { type RunFlags, acknowledge, runSubcommand, withRun } from './run-argument.js';

interface ApproveFlags extends RunFlags {
  yes?: boolean;
  planHash?: string;
}

/** `nightshift cleanup approve` */
export function approveCommand(parent: Command, output: Output): void {
  runSubcommand(parent, 'approve', 'let a run that waits for approval carry its plan out')
    .option('--yes', 'don’t ask')
    .option('--plan-hash <hash>', 'approve this plan and no other; asks nothing')
    .action((name: string, flags: ApproveFlags) => {
      const { yes, planHash, json } = flags;
      if (!yes && planHash === undefined && (json || !output.interactive)) {
        throw new InvalidInputError([
          {
            source: 'cleanup approve',
            path: '--yes',
            message: 'must be given where nobody can be asked (or --plan-hash)',
          },
        ]);
      }
      return withRun(name, flags, (run, session) => approve(run, session, flags, output));
    });
}

async function approve(
  run: RunHandle,
  session: Session,
  flags: ApproveFlags,
  output: Output,
): Promise<number> {
  if (!(await run.isGoingOn())) throw notWaiting(run, 'it has ended');
  const { phase, planHash: current = '' } = await run.progress();
  if (phase !== 'awaiting-approval') throw notWaiting(run, `it is ${phase}`);
  if (flags.planHash !== undefined && flags.planHash !== current) {
    throw new NightshiftError(
      'RunRefused',
      `the plan of ${run.workflowId} has the hash ${current}, not ${flags.planHash}`,
      { hint: 'look at it: `nightshift cleanup approve` without --plan-hash shows it and asks' },
    );
  }
  if (!flags.yes && flags.planHash === undefined) {
    const plan = await run.plan();
    const { columns, paint: colours } = output;
    output.print(renderPlan(plan, { ...railsOf(session), columns, colours }));
    if (!(await confirmed(`Approve the deletion of ${plan.totals.delete} resources?`))) {
      output.say('not approved; the run goes on waiting');
      return exitCodes.done;
    }
  }
  await run.approve({ planHash: current, by: userInfo().username });
  acknowledge(run, 'approved', flags, output);
  return exitCodes.done;
}

function notWaiting({ workflowId }: RunHandle, why: string): NightshiftError {
  return new NightshiftError('InvalidInput', `${workflowId} does not wait for approval: ${why}`, {
    hint: '`nightshift cleanup status` shows how it stands',
  });
}
