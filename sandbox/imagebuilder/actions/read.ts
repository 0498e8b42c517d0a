import { z } from 'zod';
import { shownImage, shownPipeline } from '../show.js';
import { shownWorkflows } from '../workflows.js';
import {
  action,
  page,
  paging,
  requireImage,
  requirePipeline,
  type BuilderAction,
  type Parts,
} from './action.js';

/** Only by name; Image Builder has more. */
const filters = z
  .array(z.object({ name: z.literal('name'), values: z.array(z.string()).min(1) }))
  .default([]);

export function listImagePipelines({ store }: Parts): BuilderAction {
  return action(z.object({ filters, ...paging }), (input, call) => {
    const there = store
      .allPipelines()
      .filter(
        ({ accountId, spec }) =>
          accountId === call.accountId &&
          spec.region === call.region &&
          input.filters.every(({ values }) => values.includes(spec.name)),
      );
    const { items, next } = page(there, input);
    return {
      json: {
        requestId: call.requestId,
        imagePipelineList: items.map(shownPipeline),
        nextToken: next,
      },
    };
  });
}

export function getImagePipeline(parts: Parts): BuilderAction {
  return action(z.object({ imagePipelineArn: z.string() }), ({ imagePipelineArn: arn }, call) => {
    const pipeline = requirePipeline(parts, call, arn);
    return {
      json: { requestId: call.requestId, imagePipeline: shownPipeline(pipeline) },
      subject: arn,
    };
  });
}

export function getImage(parts: Parts): BuilderAction {
  return action(z.object({ imageBuildVersionArn: z.string() }), (input, call) => {
    const image = requireImage(parts, call, input.imageBuildVersionArn);
    const { arn, spec } = image.pipeline;
    return {
      json: {
        requestId: call.requestId,
        image: { ...shownImage(image), sourcePipelineName: spec.name, sourcePipelineArn: arn },
      },
      subject: image.arn,
    };
  });
}

/** Newest first. */
export function listImagePipelineImages(parts: Parts): BuilderAction {
  const schema = z.object({ imagePipelineArn: z.string(), filters, ...paging });
  return action(schema, (input, call) => {
    const pipeline = requirePipeline(parts, call, input.imagePipelineArn);
    const made = parts.store
      .allImages()
      .filter((image) => image.pipeline === pipeline)
      .filter((image) =>
        input.filters.every(({ values }) => values.includes(image.pipeline.recipe)),
      )
      .reverse();
    const { items, next } = page(made, input);
    const imageSummaryList = items.map((image) => ({
      ...shownImage(image),
      owner: image.pipeline.accountId,
    }));
    return {
      json: { requestId: call.requestId, imageSummaryList, nextToken: next },
      subject: pipeline.arn,
    };
  });
}

export function listWorkflowExecutions(parts: Parts): BuilderAction {
  const schema = z.object({ imageBuildVersionArn: z.string(), ...paging });
  return action(schema, (input, call) => {
    const image = requireImage(parts, call, input.imageBuildVersionArn);
    const { items, next } = page(shownWorkflows(image), input);
    return {
      json: {
        requestId: call.requestId,
        workflowExecutions: items,
        imageBuildVersionArn: image.arn,
        nextToken: next,
      },
      subject: image.arn,
    };
  });
}
