import type { Access } from './access.js';
import { createPipeline, triggerPipeline } from './actions/create-pipeline.js';
import { getArtifact, getJob, getTrace, playJob } from './actions/jobs.js';
import {
  cancelPipeline,
  getPipeline,
  listBridges,
  listJobs,
  listPipelines,
  listVariables,
  retryPipeline,
} from './actions/pipelines.js';
import {
  createFile,
  deleteFile,
  downloadFile,
  listFiles,
  showOneFile,
} from './actions/secure-files.js';
import type { GitlabCall, GitlabReply } from './call.js';

export interface Route {
  method: string;
  /** Below `/api/v4/projects/<project>`, with `:name` for what differs and `*name` for the rest. */
  path: string;
  action: string;
  access: Access;
  /** Whether a job's token will do (`job_token_allowed`). */
  job?: boolean;
  run: (call: GitlabCall) => GitlabReply | Promise<GitlabReply>;
}

const read = { method: 'GET', access: 'read' } as const;
const write = { method: 'POST', access: 'write' } as const;
const files = '/secure_files';
const pipeline = '/pipelines/:id';

const routes: readonly Route[] = [
  { ...read, path: files, action: 'ListSecureFiles', job: true, run: listFiles },
  { ...write, path: files, action: 'CreateSecureFile', job: true, run: createFile },
  { ...read, path: `${files}/:id`, action: 'GetSecureFile', job: true, run: showOneFile },
  {
    ...read,
    path: `${files}/:id/download`,
    action: 'DownloadSecureFile',
    job: true,
    run: downloadFile,
  },
  {
    ...write,
    method: 'DELETE',
    path: `${files}/:id`,
    action: 'DeleteSecureFile',
    job: true,
    run: deleteFile,
  },
  { ...write, path: '/pipeline', action: 'CreatePipeline', run: createPipeline },
  {
    ...write,
    access: 'none',
    path: '/trigger/pipeline',
    action: 'TriggerPipeline',
    run: triggerPipeline,
  },
  { ...read, path: '/pipelines', action: 'ListPipelines', run: listPipelines },
  { ...read, path: pipeline, action: 'GetPipeline', run: getPipeline },
  { ...read, path: `${pipeline}/variables`, action: 'ListPipelineVariables', run: listVariables },
  { ...read, path: `${pipeline}/jobs`, action: 'ListPipelineJobs', job: true, run: listJobs },
  { ...read, path: `${pipeline}/bridges`, action: 'ListPipelineBridges', run: listBridges },
  { ...write, path: `${pipeline}/cancel`, action: 'CancelPipeline', run: cancelPipeline },
  { ...write, path: `${pipeline}/retry`, action: 'RetryPipeline', run: retryPipeline },
  { ...read, path: '/jobs/:id', action: 'GetJob', run: getJob },
  { ...read, path: '/jobs/:id/trace', action: 'GetJobTrace', run: getTrace },
  {
    ...read,
    path: '/jobs/:id/artifacts/*path',
    action: 'GetJobArtifact',
    job: true,
    run: getArtifact,
  },
  { ...write, path: '/jobs/:id/play', action: 'PlayJob', run: playJob },
];

const patterns = routes.map((route) => {
  const below = route.path.replaceAll(/:(\w+)/g, '(?<$1>[^/]+)').replace(/\*(\w+)/, '(?<$1>.+)');
  return { route, pattern: new RegExp(`^/api/v4/projects/(?<project>.+?)${below}/?$`) };
});

/** What a request asks for; undefined when GitLab, or the sandbox, has no such thing. */
export function routeOf(
  method: string,
  path: string,
): { route: Route; params: Record<string, string> } | undefined {
  let best: { route: Route; params: Record<string, string> } | undefined;
  for (const { route, pattern } of patterns) {
    const params = route.method === method ? pattern.exec(path)?.groups : undefined;
    if (!params) continue;
    // A project's path may have slashes: what leaves the shortest project is meant.
    const isShorter = (params['project'] ?? '').length < (best?.params['project'] ?? path).length;
    if (isShorter) best = { route, params: { ...params } };
  }
  return best;
}
