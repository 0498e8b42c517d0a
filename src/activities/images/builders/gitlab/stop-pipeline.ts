import type { GitlabBuilder } from '../../../../domain/images/spec.js';
import { type GitLab, GitLabError } from '../../../../gitlab/index.js';

/** Cancels a pipeline with its children. One that is over stays as it is, one that is gone needs nothing. */
export async function stopPipeline(
  gitlab: GitLab,
  { project }: GitlabBuilder,
  id: number,
  signal: AbortSignal,
): Promise<void> {
  try {
    await gitlab.cancelPipeline(project, id, signal);
  } catch (error) {
    if (!(error instanceof GitLabError && error.status === 404)) throw error;
  }
}
