import type { Caller } from './caller.js';
import { GitLabError, hasStatus } from './error.js';
import { segment } from './http.js';
import { type Pipeline, pipelineSchema, variablesSchema } from './shapes.js';

/** A variable by which a pipeline is known again: one of its own name, with a value that no other has. */
export interface PipelineMark {
  name: string;
  value: string;
}

export interface NewPipeline {
  /** Branch or tag. */
  ref: string;
  mark: PipelineMark;
  /** Besides the mark. */
  variables?: Readonly<Record<string, string>>;
  /** Inputs of the pipeline's `spec`. */
  inputs?: Readonly<Record<string, string | number | boolean>>;
  /** Starts it as a trigger does, with this token. Secret. Looking for it needs the connection's token all the same. */
  triggerToken?: string | undefined;
  /** Pipelines created before weren't this one: when it was first asked for. */
  since: Date;
}

export interface FindOptions {
  /** Pipelines that were created before are passed over. */
  since: Date;
  /** Pipelines that are looked at, at most: 500 unless given. */
  most?: number;
}

/** Clocks differ: this much earlier than `since` is looked at, too. */
const clockSkewMs = 10 * 60_000;

const attempts = 4;
const firstWaitMs = 2000;

/**
 * The newest pipeline of a ref that has this variable with this value; children are none. GitLab can't be asked for
 * pipelines by variable, so the variables of each are read. Throws `tooMany` when there are more than can be looked
 * at, rather than say that there is none.
 */
export async function findPipeline(
  caller: Caller,
  project: string | number,
  ref: string,
  { name, value }: PipelineMark,
  { since, most = 500 }: FindOptions,
  signal?: AbortSignal,
): Promise<Pipeline | undefined> {
  const path = `projects/${segment(project)}/pipelines`;
  const from = new Date(since.getTime() - clockSkewMs).toISOString();
  const query = { ref, created_after: from, order_by: 'id', sort: 'desc' };
  const seen = new Set<number>();
  for await (const { rows } of caller.pages('ListPipelines', path, pipelineSchema, signal, query))
    for (const pipeline of rows) {
      // One that came meanwhile shifts the others onto the next page.
      if (seen.has(pipeline.id)) continue;
      if (seen.size >= most) throw tooMany(ref, most, from);
      seen.add(pipeline.id);
      if (await hasVariable(caller, `${path}/${pipeline.id}`, name, value, signal)) return pipeline;
    }
  return undefined;
}

async function hasVariable(
  caller: Caller,
  path: string,
  name: string,
  value: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  try {
    const variables = await caller.all(
      'ListPipelineVariables',
      `${path}/variables`,
      variablesSchema,
      signal,
    );
    return variables.some((variable) => variable.key === name && variable.value === value);
  } catch (error) {
    // Deleted between the list and the look.
    if (hasStatus(error, 404)) return false;
    if (!hasStatus(error, 403)) throw error;
    throw new GitLabError(
      'refused',
      `${error.message}: the token may not read the variables of pipelines, which tell whether one was started before; give it the role that may`,
      { status: 403, retryable: false },
    );
  }
}

function tooMany(ref: string, most: number, from: string): GitLabError {
  return new GitLabError(
    'tooMany',
    `more than ${most} pipelines of ${ref} were created since ${from}: whether one was started before can't be told`,
    { retryable: false },
  );
}

/**
 * Creates a pipeline once: looks for its mark before it asks, and again whenever an answer was lost, since GitLab
 * takes no idempotency key. `created: false`: it was there.
 */
export async function createPipeline(
  caller: Caller,
  project: string | number,
  asked: NewPipeline,
  signal?: AbortSignal,
): Promise<{ pipeline: Pipeline; created: boolean }> {
  const { ref, mark, since } = asked;
  for (let attempt = 0; ; attempt++) {
    const there = await findPipeline(caller, project, ref, mark, { since }, signal);
    if (there) return { pipeline: there, created: false };
    try {
      return { pipeline: await post(caller, project, asked, signal), created: true };
    } catch (error) {
      const isLost = error instanceof GitLabError && error.code === 'answerLost';
      if (!isLost || attempt + 1 >= attempts) throw error;
      // It may still be under way there; a look that comes too early would start a second one.
      await caller.pause(firstWaitMs * 2 ** attempt, signal);
    }
  }
}

function post(
  caller: Caller,
  project: string | number,
  { ref, mark, variables, inputs, triggerToken }: NewPipeline,
  signal: AbortSignal | undefined,
): Promise<Pipeline> {
  const all = { ...variables, [mark.name]: mark.value };
  const path = `projects/${segment(project)}`;
  const more = inputs === undefined ? {} : { inputs };
  if (triggerToken === undefined) {
    const list = Object.entries(all).map(([key, value]) => ({ key, value }));
    const json = { ref, variables: list, ...more };
    const call = { method: 'POST', path: `${path}/pipeline`, json } as const;
    return caller.once('CreatePipeline', call, pipelineSchema, signal);
  }
  const json = { token: triggerToken, ref, variables: all, ...more };
  const call = {
    method: 'POST',
    path: `${path}/trigger/pipeline`,
    json,
    secret: triggerToken,
  } as const;
  return caller.once('TriggerPipeline', call, pipelineSchema, signal);
}
