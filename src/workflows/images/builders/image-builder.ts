import { uuid4 } from '@temporalio/workflow';
import type { ImageBuilderBuilder } from '../../../domain/images/spec.js';
import { imageTags, tagsOf } from '../../../domain/images/tags.js';
import { unwrapped } from '../../failure.js';
import { activitiesWith } from '../activities.js';
import { imageFailed } from '../failure.js';
import type { ImageBuilder } from './builder.js';
import { stoppable } from './stoppable.js';

/** A pipeline of EC2 Image Builder; its token, of 36 characters at most, is that of this attempt. */
export function inImageBuilder(pipeline: ImageBuilderBuilder): ImageBuilder {
  return async ({ spec, variables }) => {
    const { place, key } = spec;
    const { build, follow, stop } = activitiesWith(place.pace);
    const builder = filled(pipeline, spec.cell);
    const tags = { ...spec.tags, ...tagsOf({ ...spec, name: spec }), [imageTags.key]: key };
    const { arn } = await unwrapped(
      build.startExecution({ place, builder, variables, token: uuid4(), tags }),
    );
    const outcome = await stoppable(
      () => unwrapped(follow.followExecution({ place, builder, arn, key })),
      () => stop.stopExecution({ place, arn }),
    );
    const link = outcome.link === undefined ? {} : { link: outcome.link };
    if ('failed' in outcome) throw imageFailed(outcome.failed, outcome.link);
    return { images: outcome.images, ...link };
  };
}

/** The pipeline of one base OS and architecture. */
function filled(
  pipeline: ImageBuilderBuilder,
  { os, arch }: { os: string; arch: string },
): ImageBuilderBuilder {
  const fill = (text: string) => text.replaceAll('{os}', os).replaceAll('{arch}', arch);
  const { parameter } = pipeline;
  return {
    ...pipeline,
    pipeline: fill(pipeline.pipeline),
    ...(parameter === undefined ? {} : { parameter: fill(parameter) }),
  };
}
