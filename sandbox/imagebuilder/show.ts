import type { BuilderImage, OutputAmi } from './builder-image.js';
import type { Pipeline } from './pipeline.js';

const iso = (time: number) => new Date(time).toISOString();

/** A pipeline as GetImagePipeline and ListImagePipelines show it. */
export function shownPipeline({ arn, spec, accountId, recipe, createdAt, lastRun }: Pipeline) {
  const base = `arn:aws:imagebuilder:${spec.region}:${accountId}`;
  return {
    arn,
    name: spec.name,
    platform: 'Linux',
    enhancedImageMetadataEnabled: false,
    imageRecipeArn: `${base}:image-recipe/${recipe}/1.0.0`,
    infrastructureConfigurationArn: `${base}:infrastructure-configuration/${recipe}`,
    distributionConfigurationArn: `${base}:distribution-configuration/${recipe}`,
    status: 'ENABLED',
    dateCreated: iso(createdAt),
    dateUpdated: iso(createdAt),
    ...(lastRun ? { dateLastRun: iso(lastRun.startedAt), lastRunStatus: lastRun.state() } : {}),
    tags: {},
  };
}

/** What GetImage and ListImagePipelineImages have in common. */
export function shownImage(image: BuilderImage) {
  const { arn, pipeline, build, state, reason, amis, tags, startedAt } = image;
  return {
    arn,
    name: pipeline.recipe,
    type: 'AMI',
    version: `1.0.0/${build}`,
    platform: 'Linux',
    state: { status: state, ...(reason === undefined ? {} : { reason }) },
    dateCreated: iso(startedAt),
    buildType: 'USER_INITIATED',
    // AMIs are told of once the image is available; one that failed has none to tell of.
    outputResources: { amis: state === 'AVAILABLE' ? amis.map(shownAmi) : [], containers: [] },
    tags,
  };
}

function shownAmi({ region, image, name, accountId }: OutputAmi) {
  return { region, image, name, accountId, state: { status: 'AVAILABLE' } };
}
