import type { Caller } from './caller.js';
import { segment } from './http.js';
import {
  type FailedJob,
  type PipelineTree,
  blockingJobsOf,
  failedJobsOf,
  isBlocked,
  pipelinesOf,
  readTree,
} from './pipeline-tree.js';
import { isOver } from './shapes.js';

/** How a pipeline has ended, with all that it started. */
export interface PipelineOutcome {
  /** `blocked`: it waits for a person to play a job, which isn't waited for. */
  kind: 'success' | 'failed' | 'canceled' | 'skipped' | 'blocked';
  /** One sentence for people. */
  reason: string;
  /** Those that failed it, or those that block it. */
  jobs: FailedJob[];
  tree: PipelineTree;
}

/** What is done about a pipeline that waits for a person: it is `blocked`, it is waited for, or its jobs are played. */
export type ManualRule = 'fail' | 'wait' | 'play';

export interface FollowOptions {
  /** `fail` unless given. */
  manual?: ManualRule;
  /** Milliseconds between two looks: 10,000 unless given. */
  intervalMs?: number;
  /** Told of each look, for heartbeats and logs. */
  onLook?: (tree: PipelineTree) => void | Promise<void>;
}

/** Looks at a pipeline and what it has started until all of it is over, or blocked. Stopped by `signal` only. */
export async function follow(
  caller: Caller,
  project: string | number,
  id: number,
  { manual = 'fail', intervalMs = 10_000, onLook }: FollowOptions = {},
  signal?: AbortSignal,
): Promise<PipelineOutcome> {
  for (;;) {
    const tree = await readTree(caller, project, id, signal);
    await onLook?.(tree);
    const outcome = outcomeOf(tree, manual);
    if (outcome) return outcome;
    if (manual === 'play') await playAll(caller, tree, signal);
    await caller.pause(intervalMs, signal);
  }
}

/** What has come of it; undefined while it goes on. */
export function outcomeOf(tree: PipelineTree, manual: ManualRule): PipelineOutcome | undefined {
  if (manual === 'fail' && isBlocked(tree)) {
    const jobs = blockingJobsOf(tree);
    return { kind: 'blocked', reason: `it waits for ${namesOf(jobs)} to be played`, jobs, tree };
  }
  const trees = pipelinesOf(tree);
  if (!trees.every(({ pipeline }) => isOver(pipeline.status))) return undefined;
  const jobs = failedJobsOf(tree);
  const { status, id } = tree.pipeline;
  // A bridge that doesn't wait for its child leaves its pipeline a success whatever the child comes to.
  if (status === 'success') {
    const failed = failedChild(tree);
    const why = failed && `child pipeline ${failed.pipeline.id} is ${failed.pipeline.status}`;
    return why === undefined
      ? { kind: 'success', reason: `pipeline ${id} has succeeded`, jobs: [], tree }
      : {
          kind: 'failed',
          reason: jobs.length === 0 ? why : `${why}: ${namesOf(jobs)}`,
          jobs,
          tree,
        };
  }
  if (status === 'canceled' || status === 'skipped')
    return { kind: status, reason: `pipeline ${id} is ${status}`, jobs: [], tree };
  const what = jobs.length === 0 ? 'no job of it has run' : `${namesOf(jobs)} failed`;
  return { kind: 'failed', reason: `pipeline ${id} has failed: ${what}`, jobs, tree };
}

function failedChild({ children }: PipelineTree): PipelineTree | undefined {
  for (const { bridge, tree } of children) {
    if (bridge.allowFailure) continue;
    if (tree.pipeline.status === 'failed' || tree.pipeline.status === 'canceled') return tree;
    const below = failedChild(tree);
    if (below) return below;
  }
  return undefined;
}

async function playAll(
  caller: Caller,
  tree: PipelineTree,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const { projectId, id } of blockingJobsOf(tree)) {
    const path = `projects/${segment(projectId)}/jobs/${id}/play`;
    // 400: somebody was faster.
    const takes = (status: number) => status === 400;
    const read = (response: Response) => response.text();
    await caller.call('PlayJob', { method: 'POST', path, json: {} }, read, signal, takes);
  }
}

function namesOf(jobs: readonly FailedJob[]): string {
  const names = jobs
    .slice(0, 3)
    .map(({ name, failureReason }) =>
      failureReason === undefined ? name : `${name} (${failureReason})`,
    );
  const rest = jobs.length - names.length;
  return names.join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
