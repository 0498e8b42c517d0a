import {
  GetImageCommand,
  StartImagePipelineExecutionCommand,
  type Image,
  type ImagebuilderClient,
} from '@aws-sdk/client-imagebuilder';
import { SandboxAdmin } from '../admin-client.js';
import { defineFleet } from '../fleet/load.js';
import type { FleetInput } from '../fleet/schema.js';
import { startSandbox, type Sandbox } from '../index.js';
import { imageBuilderClient } from '../testing/clients.js';

export const account = '111111111111';
export const stranger = '222222222222';
export const region = 'ap-southeast-2';
export const elsewhere = 'us-east-1';
export const pipelineArn = `arn:aws:imagebuilder:${region}:${account}:image-pipeline/runner-al2023`;

type Pipelines = NonNullable<FleetInput['imagePipelines']>;

export interface BuilderSandbox {
  sandbox: Sandbox;
  admin: SandboxAdmin;
  client: ImagebuilderClient;
  skip(seconds: number): void;
}

/** A sandbox with a pipeline of 1,000 seconds, where time stands still until `skip()`. */
export async function startBuilderSandbox(
  change: Partial<Pipelines[number]> = {},
  more: Pipelines = [],
): Promise<BuilderSandbox> {
  const pipeline = { account, region, name: 'Runner al2023', seconds: 1000, ...change };
  const sandbox = await startSandbox({
    speed: 1e-6,
    fleet: defineFleet({
      regions: [region, elsewhere],
      accounts: [
        { id: account, name: 'dev-1' },
        { id: stranger, name: 'dev-2' },
      ],
      imagePipelines: [pipeline, ...more],
    }),
  });
  return {
    sandbox,
    admin: new SandboxAdmin(sandbox.url),
    client: imageBuilderClient(sandbox.url, account, region),
    skip: (seconds) => sandbox.clock.skip(seconds),
  };
}

/** Starts the pipeline; the ARN of the image that it makes. */
export async function startPipeline(
  client: ImagebuilderClient,
  input: { clientToken?: string; tags?: Record<string, string>; imagePipelineArn?: string } = {},
): Promise<string> {
  const command = new StartImagePipelineExecutionCommand({
    imagePipelineArn: pipelineArn,
    ...input,
  });
  return (await client.send(command)).imageBuildVersionArn ?? '';
}

export async function imageOf(client: ImagebuilderClient, arn: string): Promise<Image> {
  const { image } = await client.send(new GetImageCommand({ imageBuildVersionArn: arn }));
  if (!image) throw new Error(`GetImage gave no image for ${arn}`);
  return image;
}

export async function statusOf(client: ImagebuilderClient, arn: string): Promise<string> {
  return (await imageOf(client, arn)).state?.status ?? '';
}
