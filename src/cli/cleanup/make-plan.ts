import { setTimeout as delay } from 'node:timers/promises';
import type { Plan, RunHandle } from '../../client/index.js';
import type { CleanupRequest } from '../../domain/cleanup/input.js';
import { NightshiftError } from '../../domain/errors.js';
import { interruptible } from '../interrupts.js';
import type { Output } from '../output.js';
import type { Session } from '../session.js';
import { planningView } from '../views/planning-view.js';
import { expectWorker } from '../worker-check.js';

const every = 500;
/** Looks in a row, of 15 s each, that no worker answers, before a plan is given up. */
const patience = 3;

/** Plans, shows how far it is, and abandons the plan on Ctrl-C or when no worker answers any more. */
export async function makePlan(
  session: Session,
  request: Omit<CleanupRequest, 'mode'>,
  output: Output,
): Promise<Plan> {
  return await interruptible(async (signal) => {
    await expectWorker(session, output, signal);
    const planning = await session.nightshift.cleanup.startPlan(request);
    try {
      const ended = new AbortController();
      const made = planning.summary().finally(() => ended.abort());
      await Promise.race([made, showProgress(planning, AbortSignal.any([signal, ended.signal]))]);
      signal.throwIfAborted();
      await made;
      return await planning.plan();
    } catch (error) {
      await planning.abandon('nobody waits for this plan any more').catch(() => undefined);
      throw error;
    }
  });
}

async function showProgress(planning: RunHandle, signal: AbortSignal): Promise<void> {
  const view = planningView(process.stderr);
  let unanswered = 0;
  try {
    while (!signal.aborted) {
      try {
        const progress = await planning.progress();
        unanswered = 0;
        if (!signal.aborted) view.show(progress);
      } catch (error) {
        const silent = error instanceof NightshiftError && error.code === 'NoTemporalServer';
        // One that has failed answers nothing: its failure is told by its end.
        unanswered += silent && (await planning.isGoingOn()) ? 1 : 0;
        if (!silent || unanswered >= patience) throw error;
      }
      await delay(every, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    view.close();
  }
}
