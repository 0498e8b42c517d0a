import { z } from 'zod';
import { idOf, queryOf, type GitlabCall, type GitlabReply } from '../call.js';
import { pageOf } from '../page.js';
import { type Bridge, type Job, type Pipeline, pipelineSources } from '../pipelines/pipeline.js';
import { ciStatuses, isTerminal } from '../pipelines/status.js';
import { showJob, showPipeline, showWholePipeline } from '../show.js';
import { baseOf } from './create-pipeline.js';

const time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

const listSchema = z.object({
  ref: z.string().optional(),
  source: z.enum(pipelineSources).optional(),
  status: z.enum(ciStatuses).optional(),
  scope: z.enum(['running', 'pending', 'finished', 'branches', 'tags']).optional(),
  updated_after: time.optional(),
  updated_before: time.optional(),
  created_after: time.optional(),
  created_before: time.optional(),
  order_by: z.enum(['id', 'status', 'ref', 'updated_at', 'user_id']).default('id'),
  sort: z.enum(['asc', 'desc']).default('desc'),
});
type ListQuery = z.infer<typeof listSchema>;

export function listPipelines(call: GitlabCall): GitlabReply {
  const query = queryOf(call, listSchema);
  const found = call.project.all().filter((pipeline) => isWanted(pipeline, query));
  const up = query.sort === 'asc' ? 1 : -1;
  found.sort((a, b) => up * (compare(keyOf(a, query), keyOf(b, query)) || a.id - b.id));
  const { rows, headers } = pageOf(call, found);
  const base = baseOf(call);
  return { json: rows.map((pipeline) => showPipeline(call.project, pipeline, base)), headers };
}

function isWanted(pipeline: Pipeline, query: ListQuery): boolean {
  const { source, ref, createdAt } = pipeline.options;
  // Children are shown when they are asked for, and only then (app/finders/ci/pipelines_finder.rb).
  if (query.source === undefined ? source === 'parent_pipeline' : source !== query.source)
    return false;
  if (query.ref !== undefined && query.ref !== ref) return false;
  if (query.status !== undefined && query.status !== pipeline.status) return false;
  if (query.scope === 'finished' && !isTerminal(pipeline.status)) return false;
  if ((query.scope === 'running' || query.scope === 'pending') && pipeline.status !== query.scope)
    return false;
  return (
    pipeline.updatedAt >= (query.updated_after ?? 0) &&
    pipeline.updatedAt <= (query.updated_before ?? Infinity) &&
    createdAt >= (query.created_after ?? 0) &&
    createdAt <= (query.created_before ?? Infinity)
  );
}

function keyOf(pipeline: Pipeline, { order_by }: ListQuery): string | number {
  switch (order_by) {
    case 'id':
    case 'user_id':
      return pipeline.id;
    case 'status':
      return pipeline.status;
    case 'ref':
      return pipeline.options.ref;
    case 'updated_at':
      return pipeline.updatedAt;
  }
}

function compare(a: string | number, b: string | number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function getPipeline(call: GitlabCall): GitlabReply {
  return whole(call, call.project.pipeline(idOf(call)));
}

export function listVariables(call: GitlabCall): GitlabReply {
  const pipeline = call.project.pipeline(idOf(call));
  const json = pipeline.options.variables.map((variable) => ({ ...variable, raw: false }));
  return { json, subject: String(pipeline.id) };
}

export function listJobs(call: GitlabCall): GitlabReply {
  const pipeline = call.project.pipeline(idOf(call));
  const withRetried = call.request.query.get('include_retried') === 'true';
  return parts(
    call,
    pipeline,
    pipeline.jobs.filter((job) => withRetried || !job.retried),
  );
}

export function listBridges(call: GitlabCall): GitlabReply {
  const pipeline = call.project.pipeline(idOf(call));
  return parts(
    call,
    pipeline,
    pipeline.bridges.filter((bridge) => !bridge.retried),
  );
}

function parts(call: GitlabCall, pipeline: Pipeline, of: readonly (Job | Bridge)[]): GitlabReply {
  const { query } = call.request;
  const scopes = [...query.getAll('scope'), ...query.getAll('scope[]')];
  const wanted = of.filter(({ status }) => scopes.length === 0 || scopes.includes(status));
  // The newest first, as GitLab lists them.
  const { rows, headers } = pageOf(call, wanted.toReversed());
  const base = baseOf(call);
  const json = rows.map((part) => showJob(call.project, pipeline, part, base));
  return { json, headers, subject: String(pipeline.id) };
}

export function cancelPipeline(call: GitlabCall): GitlabReply {
  const pipeline = call.project.pipeline(idOf(call));
  const effective = !pipeline.isOver;
  call.project.lifecycle.cancel(pipeline, call.now);
  return { ...whole(call, pipeline), effective };
}

export function retryPipeline(call: GitlabCall): GitlabReply {
  const pipeline = call.project.pipeline(idOf(call));
  call.project.lifecycle.retry(pipeline, call.now);
  return { ...whole(call, pipeline), status: 201, effective: true };
}

function whole(call: GitlabCall, pipeline: Pipeline): GitlabReply {
  const json = showWholePipeline(call.project, pipeline, baseOf(call));
  return { json, subject: String(pipeline.id) };
}
