import {
  CopyImageCommand,
  DescribeImagesCommand,
  type CopyImageCommandInput,
  type DescribeImagesCommandInput,
  type EC2Client,
  type Image,
} from '@aws-sdk/client-ec2';
import { SandboxAdmin } from '../admin-client.js';
import { defineFleet } from '../fleet/load.js';
import type { FleetInput } from '../fleet/schema.js';
import { startSandbox, type Sandbox } from '../index.js';
import { ec2Client } from '../testing/clients.js';

export const account = '111111111111';
export const stranger = '222222222222';
export const region = 'ap-southeast-2';
export const elsewhere = 'us-east-1';
export const base = 'ami-0123456789abcdef0';

export interface ImageSandbox {
  sandbox: Sandbox;
  admin: SandboxAdmin;
  /** Of the account and region above unless given. */
  ec2(options?: { account?: string; region?: string }): EC2Client;
}

/** A sandbox with two accounts, two regions and an image, where time stands still until `clock.skip()`. */
export async function startImageSandbox(rest: Partial<FleetInput> = {}): Promise<ImageSandbox> {
  const sandbox = await startSandbox({
    speed: 1e-6,
    fleet: defineFleet({
      regions: [region, elsewhere],
      disabledRegions: ['me-central-1'],
      accounts: [
        { id: account, name: 'dev-1', unit: 'dev' },
        { id: stranger, name: 'dev-2', unit: 'other' },
      ],
      images: [{ account, region, id: base, name: 'base', tags: { owner: 'us' } }],
      ...rest,
    }),
  });
  return {
    sandbox,
    admin: new SandboxAdmin(sandbox.url),
    ec2: (options = {}) =>
      ec2Client(sandbox.url, options.account ?? account, options.region ?? region),
  };
}

export async function imagesOf(
  client: EC2Client,
  input: DescribeImagesCommandInput = {},
): Promise<Image[]> {
  return (await client.send(new DescribeImagesCommand(input))).Images ?? [];
}

export async function namesOf(
  client: EC2Client,
  input: DescribeImagesCommandInput = {},
): Promise<string[]> {
  return (await imagesOf(client, input)).map(({ Name }) => Name ?? '').sort();
}

/** Copies an image into the client's region; its id. */
export async function copyOf(
  client: EC2Client,
  input: Partial<CopyImageCommandInput> = {},
): Promise<string> {
  const command = new CopyImageCommand({
    Name: 'copy',
    SourceImageId: base,
    SourceRegion: region,
    ...input,
  });
  return (await client.send(command)).ImageId ?? '';
}
