import { z } from 'zod';
import { AwsError } from '../../core/aws-error.js';
import { BuilderImage } from '../builder-image.js';
import type { Pipeline } from '../pipeline.js';
import {
  action,
  clientToken,
  requireImage,
  requirePipeline,
  type BuilderAction,
  type Parts,
} from './action.js';

const startSchema = z.object({
  imagePipelineArn: z.string(),
  clientToken,
  tags: z.record(z.string(), z.string()).default({}),
});

export function startImagePipelineExecution(parts: Parts): BuilderAction {
  return action(startSchema, (input, call) => {
    const pipeline = requirePipeline(parts, call, input.imagePipelineArn);
    const key = `${call.accountId}/${call.region}/${input.clientToken}`;
    const about = JSON.stringify([pipeline.arn, Object.entries(input.tags).sort()]);
    const known = parts.tokens.find(key, about, call.now);
    const arn = known ?? begin(parts, pipeline, input.tags, call.now);
    if (known === undefined) parts.tokens.remember(key, about, arn, call.now);
    return {
      json: {
        requestId: call.requestId,
        clientToken: input.clientToken,
        imageBuildVersionArn: arn,
      },
      subject: arn,
      effective: known === undefined,
    };
  });
}

/** @returns ARN of the image that the execution makes */
function begin(
  { store, lifecycle }: Parts,
  pipeline: Pipeline,
  tags: Readonly<Record<string, string>>,
  now: number,
): string {
  const image = new BuilderImage(pipeline, now, tags);
  store.addImage(image);
  lifecycle.start(image);
  return image.arn;
}

const cancelSchema = z.object({ imageBuildVersionArn: z.string(), clientToken });

/** "This operation can only be used on images in a non-terminal state" (API). */
export function cancelImageCreation(parts: Parts): BuilderAction {
  return action(cancelSchema, ({ imageBuildVersionArn: arn, clientToken: token }, call) => {
    const image = requireImage(parts, call, arn);
    if (image.hasEnded)
      throw new AwsError(
        'InvalidRequestException',
        `The image ${arn} is in the terminal state ${image.state} and can't be cancelled.`,
      );
    parts.lifecycle.cancel(image, call.now);
    return {
      json: { requestId: call.requestId, clientToken: token, imageBuildVersionArn: arn },
      subject: arn,
      effective: true,
    };
  });
}
