import type { GitlabBuilder } from '../../../../domain/images/spec.js';
import type { BuilderOutcome } from '../../../../domain/images/outcome.js';
import {
  type FailedJob,
  type GitLab,
  type PipelineOutcome,
  type PipelineTree,
  isOver,
} from '../../../../gitlab/index.js';
import { imagesOf } from './pipeline-manifest.js';

export interface FollowOptions {
  builder: GitlabBuilder;
  id: number;
  /** Milliseconds between two looks. */
  interval: number;
  /** When it has taken too long, in milliseconds since the epoch. */
  until: number;
  signal: AbortSignal;
}

/** A pipeline that goes on when its time is over. */
class Overdue extends Error {
  constructor(readonly pipeline: PipelineTree['pipeline']) {
    super(`pipeline ${pipeline.id} goes on when its time is over`);
  }
}

/** Jobs that are named with their links. */
const mostJobs = 3;

/** Follows a pipeline and all that it starts to the end, and reads what image it has made. */
export async function followPipeline(
  gitlab: GitLab,
  { builder, id, interval, until, signal }: FollowOptions,
): Promise<BuilderOutcome> {
  const { project, manual, timeout } = builder;
  const onLook = (tree: PipelineTree): void => {
    if (Date.now() >= until && !hasEnded(tree)) throw new Overdue(tree.pipeline);
  };
  try {
    const follow = { manual, intervalMs: interval, onLook };
    const outcome = await gitlab.follow(project, id, follow, signal);
    if (outcome.kind === 'success') return await imagesOf(gitlab, builder, outcome.tree, signal);
    // A person who played its job later would make an image that nobody waits for.
    if (outcome.kind === 'blocked') await gitlab.cancelPipeline(project, id, signal);
    return failed(outcome);
  } catch (error) {
    if (!(error instanceof Overdue)) throw error;
    await gitlab.cancelPipeline(project, id, signal);
    return {
      failed: `pipeline ${id} took longer than ${timeout}, and was cancelled`,
      ...linkTo(error.pipeline.webUrl),
    };
  }
}

function hasEnded({ pipeline, children }: PipelineTree): boolean {
  return isOver(pipeline.status) && children.every(({ tree }) => hasEnded(tree));
}

function failed({ reason, jobs, tree }: PipelineOutcome): BuilderOutcome {
  const links = jobs.slice(0, mostJobs).flatMap(jobLink);
  return {
    failed: links.length === 0 ? reason : `${reason}; ${links.join(', ')}`,
    ...linkTo(jobs[0]?.webUrl ?? tree.pipeline.webUrl),
  };
}

function jobLink({ name, webUrl }: FailedJob): string[] {
  return webUrl === undefined ? [] : [`${name}: ${webUrl}`];
}

function linkTo(link: string | undefined): { link?: string } {
  return link === undefined ? {} : { link };
}
