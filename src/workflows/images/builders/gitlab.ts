import { uuid4 } from '@temporalio/workflow';
import type { GitlabBuilder } from '../../../domain/images/spec.js';
import { unwrapped } from '../../failure.js';
import { activitiesWith } from '../activities.js';
import { imageFailed } from '../failure.js';
import type { ImageBuilder } from './builder.js';
import { stoppable } from './stoppable.js';

/** A pipeline of GitLab's, known by a variable of its own. */
export function inGitlab(builder: GitlabBuilder): ImageBuilder {
  return async ({ spec, variables }) => {
    const { pace } = spec.place;
    const { build, follow, stop } = activitiesWith(pace);
    const since = new Date().toISOString();
    const order = { builder, mark: uuid4(), since };
    const { id, url } = await unwrapped(
      build.startPipeline({ ...order, variables: { ...builder.variables, ...variables } }),
    );
    const outcome = await stoppable(
      () => unwrapped(follow.followPipeline({ builder, id, pace })),
      () => stop.stopPipeline({ builder, id }),
    );
    const link = outcome.link ?? url;
    if ('failed' in outcome) throw imageFailed(outcome.failed, link);
    return { images: outcome.images, link };
  };
}
