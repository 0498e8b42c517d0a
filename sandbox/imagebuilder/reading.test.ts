import {
  GetImagePipelineCommand,
  ListImagePipelinesCommand,
  ListImageRecipesCommand,
  ListWorkflowExecutionsCommand,
  paginateListImagePipelineImages,
} from '@aws-sdk/client-imagebuilder';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { imageBuilderClient } from '../testing/clients.js';
import {
  account,
  elsewhere,
  imageOf,
  pipelineArn,
  region,
  startBuilderSandbox,
  startPipeline,
  stranger,
  type BuilderSandbox,
} from './testing.js';

let there: BuilderSandbox;
beforeEach(async () => {
  there = await startBuilderSandbox({ fail: { during: 'TESTING', times: 1 } }, [
    { account, region, name: 'second' },
    { account, region: elsewhere, name: 'elsewhere' },
    { account: stranger, region, name: 'theirs' },
  ]);
});
afterEach(() => there.sandbox.close());

describe('pipelines', () => {
  const names = async (input: ConstructorParameters<typeof ListImagePipelinesCommand>[0] = {}) => {
    const { imagePipelineList } = await there.client.send(new ListImagePipelinesCommand(input));
    return imagePipelineList?.map(({ name }) => name);
  };

  test('are listed for an account and region, by name, in pages', async () => {
    expect(await names()).toEqual(['Runner al2023', 'second']);
    expect(await names({ filters: [{ name: 'name', values: ['second'] }] })).toEqual(['second']);
    const { nextToken } = await there.client.send(new ListImagePipelinesCommand({ maxResults: 1 }));
    expect(await names({ maxResults: 1, nextToken })).toEqual(['second']);
    await expect(names({ nextToken: 'bogus' })).rejects.toMatchObject({
      name: 'InvalidPaginationTokenException',
    });
    await expect(names({ maxResults: 26 })).rejects.toThrow(/maxResults/);
  });

  test('tell of their last run', async () => {
    const pipeline = async () => {
      const input = new GetImagePipelineCommand({ imagePipelineArn: pipelineArn });
      return (await there.client.send(input)).imagePipeline;
    };
    expect(await pipeline()).toMatchObject({ name: 'Runner al2023', status: 'ENABLED' });
    expect((await pipeline())?.dateLastRun).toBeUndefined();
    await startPipeline(there.client);
    there.skip(1001);
    expect(await pipeline()).toMatchObject({ lastRunStatus: 'FAILED' });
  });

  test('of another account are not there', async () => {
    const theirs = imageBuilderClient(there.sandbox.url, stranger, region);
    await expect(
      theirs.send(new GetImagePipelineCommand({ imagePipelineArn: pipelineArn })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    const arn = await startPipeline(there.client);
    await expect(imageOf(theirs, arn)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

test('the images of a pipeline are listed, the newest first, with the tags of their start', async () => {
  for (let index = 0; index < 3; index++)
    await startPipeline(there.client, { tags: { n: String(index) } });
  const seen: (string | undefined)[] = [];
  const pages = paginateListImagePipelineImages(
    { client: there.client, pageSize: 2 },
    { imagePipelineArn: pipelineArn },
  );
  for await (const { imageSummaryList } of pages)
    seen.push(...(imageSummaryList ?? []).map(({ tags }) => tags?.['n']));
  expect(seen).toEqual(['2', '1', '0']);
});

describe('workflow executions', () => {
  const workflows = async (imageBuildVersionArn: string) => {
    const input = new ListWorkflowExecutionsCommand({ imageBuildVersionArn });
    const { workflowExecutions } = await there.client.send(input);
    return workflowExecutions?.map(({ type, status }) => `${type} ${status}`);
  };

  test('are those that have begun, with how each ended', async () => {
    const failing = await startPipeline(there.client);
    const fine = await startPipeline(there.client);
    expect(await workflows(fine)).toEqual([]);
    there.skip(650);
    expect(await workflows(fine)).toEqual(['BUILD COMPLETED', 'TEST RUNNING']);
    there.skip(351);
    expect(await workflows(fine)).toEqual([
      'BUILD COMPLETED',
      'TEST COMPLETED',
      'DISTRIBUTION COMPLETED',
    ]);
    expect(await workflows(failing)).toEqual(['BUILD COMPLETED', 'TEST FAILED']);
  });
});

test('throttling and what the sandbox does not have read as Image Builder words them', async () => {
  await expect(there.client.send(new ListImageRecipesCommand({}))).rejects.toThrow(
    /no POST \/ListImageRecipes/,
  );
  there.sandbox.faults.set([{ kind: 'throttle', service: 'imagebuilder', share: 1 }]);
  await expect(there.client.send(new ListImagePipelinesCommand({}))).rejects.toMatchObject({
    name: 'CallRateLimitExceededException',
    $metadata: { httpStatusCode: 429 },
  });
});
