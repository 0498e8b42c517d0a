import type { RetryOptions, RetryPolicy } from '../http/retry.js';
import { Caller, as } from './caller.js';
import {
  type FindOptions,
  type NewPipeline,
  type PipelineMark,
  createPipeline,
  findPipeline,
} from './create-pipeline.js';
import { type FollowOptions, type PipelineOutcome, follow } from './follow.js';
import { type TokenKind, segment } from './http.js';
import { type LogPart, type LogRange, readArtifact, readJobLog } from './job-log.js';
import { type PipelineTree, readTree } from './pipeline-tree.js';
import {
  type ReplaceOptions,
  type StoredFile,
  readSecureFile,
  replaceSecureFile,
} from './replace-secure-file.js';
import { SecureFiles } from './secure-files.js';
import { type Job, type Pipeline, type SecureFile, jobSchema, pipelineSchema } from './shapes.js';

export interface GitLabOptions extends RetryOptions {
  /** Of the instance: `https://gitlab.example.com`, with `/api/v4` or without. */
  url: string;
  /** Secret; kept where nothing prints it, and in no error. */
  token: string;
  /** `private` unless given: a personal, project or group access token. */
  tokenKind?: TokenKind;
  /** How long an answer may take, in milliseconds; 60,000 unless given. */
  timeoutMs?: number;
  userAgent?: string;
  /** In place of the global one. */
  fetch?: typeof fetch;
  /** Where it differs from {@link defaultPolicy}. */
  policy?: Partial<RetryPolicy>;
}

/** 2, 4, 8, … 60 s, over some four minutes: pipelines that are too many for a minute get through. */
export const defaultPolicy: RetryPolicy = {
  attempts: 8,
  firstMs: 2000,
  factor: 2,
  mostMs: 60_000,
  jitterMs: [0, 1000],
  withinMs: 5 * 60_000,
};

/** A project's id, or its path with its groups: `platform/images`. */
export type ProjectRef = string | number;

/**
 * GitLab's REST API, as far as images need it. Lists are read to their end; calls are made again where that can help
 * and can't do anything twice, and as `Retry-After` says. Every method throws a `GitLabError`, or the reason of
 * `signal`.
 */
export class GitLab {
  readonly #caller: Caller;

  constructor(options: GitLabOptions) {
    const { url, token, tokenKind = 'private', timeoutMs = 60_000, policy, ...rest } = options;
    const { userAgent = 'nightshift', fetch = globalThis.fetch, ...retry } = rest;
    this.#caller = new Caller({
      ...retry,
      connection: { url, token, tokenKind, timeoutMs, userAgent, fetch },
      policy: { ...defaultPolicy, ...policy },
    });
  }

  listSecureFiles(project: ProjectRef, signal?: AbortSignal): Promise<SecureFile[]> {
    return new SecureFiles(this.#caller, project).list(signal);
  }

  /** See {@link readSecureFile}. Undefined: there is none. */
  readSecureFile(
    project: ProjectRef,
    name: string,
    signal?: AbortSignal,
  ): Promise<StoredFile | undefined> {
    return readSecureFile(new SecureFiles(this.#caller, project), name, signal);
  }

  /** See {@link replaceSecureFile}: never a moment without a whole file. */
  replaceSecureFile(
    project: ProjectRef,
    name: string,
    content: Uint8Array | string,
    options: ReplaceOptions = {},
    signal?: AbortSignal,
  ): Promise<{ generation: number; sha256: string }> {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    return replaceSecureFile(new SecureFiles(this.#caller, project), name, bytes, options, signal);
  }

  /** See {@link findPipeline}. */
  findPipeline(
    project: ProjectRef,
    ref: string,
    mark: PipelineMark,
    options: FindOptions,
    signal?: AbortSignal,
  ): Promise<Pipeline | undefined> {
    return findPipeline(this.#caller, project, ref, mark, options, signal);
  }

  /** See {@link createPipeline}: creates it once, however often it is asked. */
  createPipeline(
    project: ProjectRef,
    pipeline: NewPipeline,
    signal?: AbortSignal,
  ): Promise<{ pipeline: Pipeline; created: boolean }> {
    return createPipeline(this.#caller, project, pipeline, signal);
  }

  getPipeline(project: ProjectRef, id: number, signal?: AbortSignal): Promise<Pipeline> {
    return this.#caller.get('GetPipeline', pathOf(project, id), pipelineSchema, signal);
  }

  /** The pipeline with its jobs and all that it has started. */
  readTree(project: ProjectRef, id: number, signal?: AbortSignal): Promise<PipelineTree> {
    return readTree(this.#caller, project, id, signal);
  }

  /** See {@link follow}. */
  follow(
    project: ProjectRef,
    id: number,
    options: FollowOptions = {},
    signal?: AbortSignal,
  ): Promise<PipelineOutcome> {
    return follow(this.#caller, project, id, options, signal);
  }

  /** Cancels it with its children. One that is over stays as it is. */
  cancelPipeline(project: ProjectRef, id: number, signal?: AbortSignal): Promise<Pipeline> {
    const call = { method: 'POST', path: `${pathOf(project, id)}/cancel` } as const;
    return this.#caller.call('CancelPipeline', call, as(pipelineSchema, 'CancelPipeline'), signal);
  }

  getJob(project: ProjectRef, id: number, signal?: AbortSignal): Promise<Job> {
    const path = `projects/${segment(project)}/jobs/${id}`;
    return this.#caller.get('GetJob', path, jobSchema, signal);
  }

  /** See {@link readJobLog}. */
  readJobLog(
    project: ProjectRef,
    jobId: number,
    range: LogRange,
    signal?: AbortSignal,
  ): Promise<LogPart> {
    return readJobLog(this.#caller, project, jobId, range, signal);
  }

  /** See {@link readArtifact}; at most 1 MB unless `most` says. */
  readArtifact(
    project: ProjectRef,
    jobId: number,
    file: string,
    most = 1_000_000,
    signal?: AbortSignal,
  ): Promise<Uint8Array | undefined> {
    return readArtifact(this.#caller, project, jobId, file, most, signal);
  }
}

function pathOf(project: ProjectRef, pipelineId: number): string {
  return `projects/${segment(project)}/pipelines/${pipelineId}`;
}
