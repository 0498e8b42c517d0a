import { AwsError } from '../core/aws-error.js';
import type { Incoming } from '../core/dispatcher.js';
import type { Directory } from '../fleet/directory.js';
import type { BuilderImage } from '../imagebuilder/builder-image.js';
import type { ImageBuilder } from '../imagebuilder/image-builder.js';
import { changePipelineSchema, type PipelineImageView } from './image-schema.js';

export interface ImageBuilderDependencies {
  directory: Directory;
  services: { imageBuilder: ImageBuilder };
}

type Action = (request: Incoming) => unknown;

/** What the admin API does with Image Builder's pipelines. */
export function imageBuilderActions(
  dependencies: ImageBuilderDependencies,
  jsonOf: (body: Buffer) => unknown,
): [string, Action][] {
  const { imageBuilder } = dependencies.services;
  return [
    ['GET /_sandbox/pipeline-images', () => imageBuilder.store.allImages().map(stateOf)],
    ['PATCH /_sandbox/pipelines', ({ body }) => changePipeline(dependencies, jsonOf(body))],
  ];
}

function changePipeline(
  { directory, services }: ImageBuilderDependencies,
  input: unknown,
): undefined {
  const { account, region, name, seconds, fail } = changePipelineSchema.parse(input);
  const accountId = directory.account(account)?.id ?? account;
  const pipeline = services.imageBuilder.store
    .allPipelines()
    .find(
      (each) =>
        each.accountId === accountId && each.spec.region === region && each.spec.name === name,
    );
  if (!pipeline)
    throw new AwsError('NoSuchPipeline', `no pipeline "${name}" in ${accountId}/${region}`, 404);
  if (seconds !== undefined) pipeline.spec.seconds = seconds;
  if (fail !== undefined) pipeline.fail(fail ?? undefined);
}

function stateOf(image: BuilderImage): PipelineImageView {
  const { pipeline, reason, amis } = image;
  return {
    arn: image.arn,
    account: pipeline.accountId,
    region: pipeline.spec.region,
    pipeline: pipeline.spec.name,
    state: image.state,
    started: new Date(image.startedAt).toISOString(),
    tags: { ...image.tags },
    amis: amis.map(({ region, image: id }) => ({ region, image: id })),
    ...(reason === undefined ? {} : { reason }),
  };
}
