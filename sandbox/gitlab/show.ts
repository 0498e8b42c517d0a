import type { Bridge, Job, Pipeline } from './pipelines/pipeline.js';
import type { Project } from './project.js';
import type { SecureFile } from './secure-files/secure-files.js';

/** Answers as GitLab writes them. `base` is where it is: `http://127.0.0.1:4777`. */

export function showFile({ id, name, checksum, createdAt }: SecureFile) {
  return {
    id,
    name,
    checksum,
    checksum_algorithm: 'sha256',
    created_at: iso(createdAt),
    expires_at: null,
    metadata: null,
    metadata_parsable: false,
    file_extension: /\.([^.]+)$/.exec(name)?.[1] ?? null,
  };
}

export function showPipeline(project: Project, pipeline: Pipeline, base: string) {
  const { id, iid, source, ref, createdAt } = pipeline.options;
  return {
    id,
    iid,
    project_id: project.spec.id,
    sha: shaOf(ref),
    ref,
    status: pipeline.status,
    source,
    created_at: iso(createdAt),
    updated_at: iso(pipeline.updatedAt),
    web_url: `${base}/${project.spec.path}/-/pipelines/${id}`,
    name: null,
  };
}

/** With what the list leaves out. */
export function showWholePipeline(project: Project, pipeline: Pipeline, base: string) {
  const { startedAt, finishedAt } = pipeline;
  return {
    ...showPipeline(project, pipeline, base),
    before_sha: '0'.repeat(40),
    tag: false,
    yaml_errors: null,
    user: { id: 1, username: 'root', name: 'Administrator', state: 'active' },
    started_at: isoOf(startedAt),
    finished_at: isoOf(finishedAt),
    committed_at: null,
    duration: durationOf(startedAt, finishedAt),
    queued_duration: durationOf(pipeline.options.createdAt, startedAt),
    coverage: null,
  };
}

export function showJob(project: Project, pipeline: Pipeline, part: Job | Bridge, base: string) {
  const { id, name, stage, status, allowFailure, startedAt, finishedAt } = part;
  const failureReason = part.kind === 'job' ? part.failureReason : undefined;
  const kind = part.kind === 'job' ? 'jobs' : 'bridges';
  return {
    id,
    name,
    stage,
    status,
    ref: pipeline.options.ref,
    tag: false,
    coverage: null,
    allow_failure: allowFailure,
    created_at: iso(part.createdAt),
    started_at: isoOf(startedAt),
    finished_at: isoOf(finishedAt),
    duration: durationOf(startedAt, finishedAt),
    queued_duration: durationOf(part.createdAt, startedAt),
    ...(failureReason !== undefined && status === 'failed'
      ? { failure_reason: failureReason }
      : {}),
    pipeline: showPipeline(project, pipeline, base),
    web_url: `${base}/${project.spec.path}/-/${kind}/${id}`,
    ...(part.kind === 'job'
      ? { artifacts: artifactsOf(part), artifacts_file: null }
      : { downstream_pipeline: part.child ? showPipeline(project, part.child, base) : null }),
  };
}

function artifactsOf({ artifacts }: Job) {
  const size = [...artifacts.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  const archive = { file_type: 'archive', size, filename: 'artifacts.zip', file_format: 'zip' };
  return artifacts.size === 0 ? [] : [archive];
}

/** Refs have no commits here; each has a hash of its own. */
function shaOf(ref: string): string {
  return Buffer.from(ref).toString('hex').padEnd(40, '0').slice(0, 40);
}

function durationOf(from: number | undefined, to: number | undefined): number | null {
  return from === undefined || to === undefined ? null : (to - from) / 1000;
}

function isoOf(milliseconds: number | undefined): string | null {
  return milliseconds === undefined ? null : iso(milliseconds);
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
