import { createHash } from 'node:crypto';
import type { Command } from 'commander';
import type { RunHandle } from '../../client/index.js';
import type { CleanupRequest } from '../../domain/cleanup/input.js';
import { InvalidInputError } from '../../domain/errors.js';
import { confirmed } from '../confirm.js';
import { exitCodeOfPlan, exitCodes } from '../exit.js';
import { interruptible } from '../interrupts.js';
import { type Output, printJson } from '../output.js';
import { type Session, withSession } from '../session.js';
import { renderPlan } from '../views/plan-view.js';
import { followToResult } from './follow.js';
import { makePlan } from './make-plan.js';
import { type ScopeFlags, addScopeFlags, railsOf, requestOf } from './request.js';
import { expectWorker } from '../worker-check.js';

interface RunFlags extends ScopeFlags {
  yes?: boolean;
  requireApproval?: boolean;
  detach?: boolean;
  planHash?: string;
}

type Request = Omit<CleanupRequest, 'mode'>;

/** `nightshift cleanup run` */
export function runCommand(parent: Command, output: Output): void {
  addScopeFlags(
    parent.command('run').description('delete what the policies select, in dependency order'),
  )
    .option('--yes', 'don’t ask; run what the policies select by then')
    .option('--require-approval', 'wait for `nightshift cleanup approve` before deleting')
    .option('--plan-hash <hash>', 'refuse to run unless the plan still has this hash')
    .option('--detach', 'start the run and return')
    .action(async (flags: RunFlags) => {
      checkFlags(flags, output);
      process.exitCode = await withSession(
        { ...flags, needsConfig: flags.local ?? false },
        (session) => run(flags, session, output),
      );
    });
}

function isUnattended({ yes, planHash, requireApproval }: RunFlags): boolean {
  return Boolean(yes) || planHash !== undefined || Boolean(requireApproval);
}

function checkFlags(flags: RunFlags, output: Output): void {
  const source = 'cleanup run';
  const issues = [];
  if (!isUnattended(flags) && (flags.json || !output.interactive)) {
    issues.push({
      source,
      path: '--yes',
      message: 'must be given where nobody can be asked (or --plan-hash, or --require-approval)',
    });
  }
  if (flags.detach && flags.local) {
    issues.push({
      source,
      path: '--detach',
      message: 'can’t go with --local: the worker would end with this command',
    });
  }
  if (flags.planHash !== undefined && !/^[0-9a-f]{16}$/.test(flags.planHash)) {
    issues.push({
      source,
      path: '--plan-hash',
      message: `must be a plan hash: 16 hexadecimal digits, as a plan prints it; was "${flags.planHash}"`,
    });
  }
  if (issues.length > 0) throw new InvalidInputError(issues);
}

async function run(flags: RunFlags, session: Session, output: Output): Promise<number> {
  const start = await startOf(flags, requestOf(flags, session), session, output);
  if (typeof start === 'number') return start;
  const { workflowId, runId } = start;
  if (flags.detach) {
    if (flags.json) printJson(output, { workflowId, runId });
    else output.print(`started ${workflowId}\nwatch it: nightshift cleanup watch ${workflowId}`);
    return exitCodes.done;
  }
  return await followToResult(start, { output, local: session.local, json: flags.json ?? false });
}

/** The run: the one that goes on under this name, or a new one, asked for if need be. */
async function startOf(
  flags: RunFlags,
  request: Request,
  session: Session,
  output: Output,
): Promise<RunHandle | number> {
  const { cleanup } = session.nightshift;
  const limits: Request = {
    ...(flags.planHash === undefined ? {} : { planHash: flags.planHash }),
    ...(flags.requireApproval ? { requireApproval: true } : {}),
  };
  const name = session.local ? localName(request, limits, session) : undefined;
  if (name !== undefined && (await cleanup.isRunning(name))) {
    output.say(`going on with ${name}, which was under way`);
    return await cleanup.get(name);
  }
  const options = name === undefined ? {} : { workflowId: name };
  if (isUnattended(flags)) {
    await interruptible((signal) => expectWorker(session, output, signal));
    return await cleanup.run({ ...request, ...limits }, options);
  }
  const plan = await makePlan(session, request, output);
  output.print(
    renderPlan(plan, { ...railsOf(session), columns: output.columns, colours: output.paint }),
  );
  if (plan.refusals) return exitCodes.usage;
  if (plan.totals.delete === 0) return exitCodeOfPlan(plan);
  if (await confirmed(`Delete ${plan.totals.delete} resources?`))
    return await cleanup.run({ ...request, planHash: plan.planHash }, options);
  output.say('nothing was deleted');
  return exitCodes.done;
}

/** In this process nobody else knows the run: the same command finds it again by this after a crash. */
function localName(request: Request, limits: Request, { loaded }: Session): string {
  const { policies, accounts, regions } = request;
  const digest = createHash('sha256')
    .update(JSON.stringify([policies, accounts, regions, limits, loaded?.path]))
    .digest('hex');
  return `cleanup-run/local-${digest.slice(0, 12)}`;
}
