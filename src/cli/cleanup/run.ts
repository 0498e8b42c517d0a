import { createHash } from 'node:crypto';
import { confirm, isCancel } from '@clack/prompts';
import type { Command } from 'commander';
import type { RunHandle } from '../../client/index.js';
import type { CleanupRequest } from '../../domain/cleanup/input.js';
import { InvalidInputError } from '../../domain/errors.js';
import { renderTextSummary } from '../../report/index.js';
import { exitCodeOfRun, exitCodes } from '../exit.js';
import { type Output, printJson } from '../output.js';
import { type Session, withSession } from '../session.js';
import { renderPlan } from '../views/plan-view.js';
import { follow } from './follow.js';
import { type ScopeFlags, addScopeFlags, requestOf } from './request.js';
import { exitCodeOfPlan } from './plan.js';

interface RunFlags extends ScopeFlags {
  yes?: boolean;
  requireApproval?: boolean;
  detach?: boolean;
  planHash?: string;
}

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
      process.exitCode = await withSession(flags, (session) => run(flags, session, output));
    });
}

function checkFlags(flags: RunFlags, output: Output): void {
  const issues = [];
  const unattended = flags.yes || flags.planHash !== undefined || flags.requireApproval;
  if (!unattended && (flags.json || !output.interactive)) {
    issues.push({
      source: 'cleanup run',
      path: '--yes',
      message: 'must be given where nobody can be asked (or --plan-hash, or --require-approval)',
    });
  }
  if (flags.detach && flags.local) {
    issues.push({
      source: 'cleanup run',
      path: '--detach',
      message: 'can’t go with --local: the worker would end with this command',
    });
  }
  if (issues.length > 0) throw new InvalidInputError(issues);
}

async function run(flags: RunFlags, session: Session, output: Output): Promise<number> {
  const request = requestOf(flags, session);
  const start = await startOf(flags, request, session, output);
  if (typeof start === 'number') return start;
  if (flags.detach) {
    if (flags.json) printJson(output, { workflowId: start.workflowId, runId: start.runId });
    else
      output.print(
        `started ${start.workflowId}\nwatch it: nightshift cleanup watch ${start.workflowId}`,
      );
    return exitCodes.done;
  }
  const ending = await follow(start, { output, local: session.local, json: flags.json ?? false });
  if (ending === 'detached') return exitCodes.interrupted;
  const result = await start.result();
  if (flags.json) printJson(output, result);
  else output.print(renderTextSummary(result));
  return exitCodeOfRun(result);
}

/** The run: the one that goes on under this name, or a new one, asked for if need be. */
async function startOf(
  flags: RunFlags,
  request: Omit<CleanupRequest, 'mode'>,
  { nightshift, local, loaded }: Session,
  output: Output,
): Promise<RunHandle | number> {
  const limits = {
    ...(flags.planHash === undefined ? {} : { planHash: flags.planHash }),
    ...(flags.requireApproval ? { requireApproval: true } : {}),
  };
  // In this process nobody else knows the run: the same command finds it again after a crash.
  const name = local
    ? `cleanup-run/local-${digest([request.policies, request.accounts, request.regions, limits, loaded?.path])}`
    : undefined;
  if (name !== undefined && (await nightshift.cleanup.isRunning(name))) {
    output.say(`going on with ${name}, which was under way`);
    return await nightshift.cleanup.get(name);
  }
  const options = name === undefined ? {} : { workflowId: name };
  if (flags.yes || flags.planHash !== undefined || flags.requireApproval) {
    return await nightshift.cleanup.run({ ...request, ...limits }, options);
  }
  const plan = await nightshift.cleanup.plan(request);
  output.print(renderPlan(plan));
  if (plan.totals.delete === 0) return exitCodeOfPlan(plan);
  if (plan.refusals) return exitCodes.usage;
  const answer = await confirm({
    message: `Delete ${plan.totals.delete} resources?`,
    initialValue: false,
  });
  if (isCancel(answer) || !answer) {
    output.say('nothing was deleted');
    return exitCodes.done;
  }
  return await nightshift.cleanup.run({ ...request, planHash: plan.planHash }, options);
}

function digest(parts: unknown): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12);
}
