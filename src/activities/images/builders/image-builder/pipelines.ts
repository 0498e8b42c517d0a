import {
  type ImagebuilderClient,
  paginateListImagePipelineImages,
  paginateListImagePipelines,
} from '@aws-sdk/client-imagebuilder';
import { NightshiftError } from '../../../../domain/errors.js';
import { imageTags } from '../../../../domain/images/tags.js';
import { isMoving } from './execution.js';

/**
 * The ARN of a pipeline that is named by either.
 *
 * @throws NightshiftError `NotFound`
 */
export async function pipelineArn(
  client: ImagebuilderClient,
  nameOrArn: string,
  place: string,
  abortSignal: AbortSignal,
): Promise<string> {
  if (nameOrArn.startsWith('arn:')) return nameOrArn;
  const query = { filters: [{ name: 'name', values: [nameOrArn] }] };
  const pages = paginateListImagePipelines({ client }, query, { abortSignal });
  for await (const { imagePipelineList = [] } of pages) {
    const found = imagePipelineList.find(({ name }) => name === nameOrArn);
    if (found?.arn !== undefined) return found.arn;
  }
  throw new NightshiftError('NotFound', `there is no image pipeline ${nameOrArn} in ${place}`, {
    hint: 'check builder.imageBuilder.pipeline, the account and the region in nightshift.yaml',
  });
}

/** What a pipeline is at work on. */
export interface Execution {
  arn: string;
  /** The image that it is for, where Nightshift has started it. */
  key?: string | undefined;
}

/** The executions of a pipeline that have not ended. */
export async function executionsOf(
  client: ImagebuilderClient,
  imagePipelineArn: string,
  abortSignal: AbortSignal,
): Promise<Execution[]> {
  const pages = paginateListImagePipelineImages({ client }, { imagePipelineArn }, { abortSignal });
  const executions: Execution[] = [];
  for await (const { imageSummaryList = [] } of pages)
    for (const { arn, state, tags } of imageSummaryList)
      if (arn !== undefined && isMoving(state?.status))
        executions.push({ arn, key: tags?.[imageTags.key] });
  return executions;
}
