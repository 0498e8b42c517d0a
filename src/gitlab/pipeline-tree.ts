import type { Caller } from './caller.js';
import { hasStatus } from './error.js';
import { segment } from './http.js';
import {
  type Bridge,
  type Job,
  type Pipeline,
  bridgeSchema,
  isOver,
  jobSchema,
  pipelineSchema,
} from './shapes.js';

/** Children of children, and so on: GitLab allows two generations, and other projects in between. */
const mostDeep = 5;

/** A pipeline with its jobs and with the pipelines that it has started. */
export interface PipelineTree {
  pipeline: Pipeline;
  /** Those that count: of a job that was retried its last run. */
  jobs: Job[];
  children: { bridge: Bridge; tree: PipelineTree }[];
  bridges: Bridge[];
}

/** A job that has failed and fails its pipeline. */
export interface FailedJob extends Job {
  pipelineId: number;
  projectId: number;
}

/** Reads a pipeline and all that it has started. */
export async function readTree(
  caller: Caller,
  project: string | number,
  id: number,
  signal?: AbortSignal,
  depth = 0,
): Promise<PipelineTree> {
  const path = `projects/${segment(project)}/pipelines/${id}`;
  const pipeline = await caller.get('GetPipeline', path, pipelineSchema, signal);
  const jobs = await caller.all('ListPipelineJobs', `${path}/jobs`, jobSchema, signal);
  const bridges = await caller.all('ListPipelineBridges', `${path}/bridges`, bridgeSchema, signal);
  const children: PipelineTree['children'] = [];
  for (const bridge of bridges) {
    const { downstream } = bridge;
    if (!downstream || depth >= mostDeep) continue;
    const tree = await readTree(
      caller,
      downstream.projectId,
      downstream.id,
      signal,
      depth + 1,
    ).catch((error: unknown) => {
      // Another project's, which the token may not see: the bridge tells its status.
      if (!hasStatus(error, 403, 404)) throw error;
      return { pipeline: downstream, jobs: [], bridges: [], children: [] };
    });
    children.push({ bridge, tree });
  }
  return { pipeline, jobs, bridges, children };
}

/** The tree's pipelines, its own first. */
export function pipelinesOf(tree: PipelineTree): PipelineTree[] {
  return [tree, ...tree.children.flatMap((child) => pipelinesOf(child.tree))];
}

export function failedJobsOf(tree: PipelineTree): FailedJob[] {
  return pipelinesOf(tree).flatMap(({ pipeline, jobs }) =>
    jobs
      .filter(({ status, allowFailure }) => status === 'failed' && !allowFailure)
      .map((job) => ({ ...job, pipelineId: pipeline.id, projectId: pipeline.projectId })),
  );
}

/** Manual jobs that hold their pipeline up; those that are optional don't. */
export function blockingJobsOf(tree: PipelineTree): FailedJob[] {
  return pipelinesOf(tree).flatMap(({ pipeline, jobs }) =>
    jobs
      .filter(({ status, allowFailure }) => status === 'manual' && !allowFailure)
      .map((job) => ({ ...job, pipelineId: pipeline.id, projectId: pipeline.projectId })),
  );
}

const moving: ReadonlySet<string> = new Set([
  'pending',
  'running',
  'preparing',
  'waiting_for_resource',
  'scheduled',
  'canceling',
]);

/** Whether nothing of it goes on until a person plays a job. */
export function isBlocked({ pipeline, jobs, children }: PipelineTree): boolean {
  if (isOver(pipeline.status) || jobs.some(({ status }) => moving.has(status))) return false;
  const open = children.filter(({ tree }) => !isOver(tree.pipeline.status));
  if (open.length > 0) return open.every(({ tree }) => isBlocked(tree));
  return pipeline.status === 'manual';
}
