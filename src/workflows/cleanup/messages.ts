import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type {
  ApproveRequest,
  CancelRequest,
  PageRequest,
  PauseOrder,
  Proceed,
  SkipRequest,
} from '../../domain/cleanup/messages.js';
import type { PlanItem } from '../../domain/cleanup/plan.js';
import type { RunProgress, TargetProgress } from '../../domain/cleanup/progress.js';
import type { TargetPlanned } from '../../domain/cleanup/spec.js';
import type { ResultItem } from '../../domain/cleanup/result.js';

// Of a run.
export const pauseUpdate = defineUpdate('pause');
export const resumeUpdate = defineUpdate('resume');
export const skipUpdate = defineUpdate<void, [SkipRequest]>('skip');
export const approveUpdate = defineUpdate<void, [ApproveRequest]>('approve');
export const cancelUpdate = defineUpdate<void, [CancelRequest?]>('cancel');
export const runProgressQuery = defineQuery<RunProgress>('progress');
export const runPlanQuery = defineQuery<RunProgress>('plan');
export const runResultQuery = defineQuery<RunProgress>('result');

// From a target to its run.
export const plannedSignal = defineSignal<[TargetPlanned]>('planned');
export const movedSignal = defineSignal<[{ targetKey: string; runId: string }]>('moved');

// From a run to its targets.
export const proceedSignal = defineSignal<[Proceed]>('proceed');
export const standDownSignal = defineSignal('standDown');
export const pauseSignal = defineSignal<[PauseOrder]>('pauseTarget');
export const skipSignal = defineSignal<[SkipRequest]>('skipItem');
export const cancelSignal = defineSignal('cancelTarget');

// Of a target.
export const targetProgressQuery = defineQuery<TargetProgress>('progress');
export const targetPlanQuery = defineQuery<PlanItem[], [PageRequest?]>('plan');
export const targetResultQuery = defineQuery<ResultItem[], [PageRequest?]>('result');
