import type { GitlabBuilder } from '../../../../domain/images/spec.js';
import type { GitLab } from '../../../../gitlab/index.js';
import { lastWord } from '../last-word.js';

/** The variable by which a pipeline is known again. */
const markVariable = 'NIGHTSHIFT_MARK';
/** Milliseconds to look for what a call that was called off has begun. */
const clearing = 30_000;

export interface PipelineOrder {
  builder: GitlabBuilder;
  /** Besides the builder's own; put over them. */
  variables: Readonly<Record<string, string>>;
  /** Of this start alone. */
  mark: string;
  /** When the start was first asked for; ISO 8601. */
  since: string;
}

export interface StartedPipeline {
  id: number;
  url: string;
}

export interface PipelineSignals {
  /** The work is to end, be it for another worker to go on. */
  signal: AbortSignal;
  /** Nobody wants the pipeline any more. */
  cancelled: AbortSignal;
}

/** Starts a pipeline once, however often it is asked: GitLab has no token for that, so its mark is looked for first. */
export async function startPipeline(
  gitlab: GitLab,
  order: PipelineOrder,
  { signal, cancelled }: PipelineSignals,
): Promise<StartedPipeline> {
  const { builder, variables, mark, since } = order;
  const { project, ref, url } = builder;
  try {
    signal.throwIfAborted();
    const { pipeline } = await gitlab.createPipeline(
      project,
      {
        ref,
        mark: { name: markVariable, value: mark },
        variables: { ...builder.variables, ...variables },
        since: new Date(since),
      },
      lastWord(signal),
    );
    cancelled.throwIfAborted();
    return {
      id: pipeline.id,
      url: pipeline.webUrl ?? `${url.replace(/\/+$/, '')}/${project}/-/pipelines/${pipeline.id}`,
    };
  } catch (error) {
    if (cancelled.aborted) await clear(gitlab, order);
    throw error;
  }
}

/** Who cancels while a pipeline is being started hears of no id: it is found by its mark, and cancelled. */
async function clear(gitlab: GitLab, { builder, mark, since }: PipelineOrder): Promise<void> {
  const { project, ref } = builder;
  const within = AbortSignal.timeout(clearing);
  const known = { name: markVariable, value: mark };
  const found = await gitlab.findPipeline(project, ref, known, { since: new Date(since) }, within);
  if (found) await gitlab.cancelPipeline(project, found.id, within);
}
