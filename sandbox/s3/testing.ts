import { RDSClient } from '@aws-sdk/client-rds';
import { S3Client } from '@aws-sdk/client-s3';
import { fleetSchema, type FleetInput } from '../fleet/schema.js';
import { type Sandbox, startSandbox } from '../index.js';

/** The account that tests act in, and another one. */
export const account = '111111111111';
export const stranger = '222222222222';
export const region = 'ap-southeast-2';

export interface TestSandbox extends Sandbox {
  /** A real SDK client of an account and region, which doesn't retry unless told to. */
  s3(options?: ClientOptions): S3Client;
  rds(options?: ClientOptions): RDSClient;
}

interface ClientOptions {
  account?: string;
  region?: string;
  maxAttempts?: number;
}

/** A sandbox with two accounts and two regions, for tests. */
export async function startTestSandbox(
  fleet: Partial<FleetInput> = {},
  speed = 1,
): Promise<TestSandbox> {
  const sandbox = await startSandbox({
    fleet: fleetSchema.parse({
      regions: [region, 'us-east-1'],
      accounts: [
        { id: account, name: 'dev-1' },
        { id: stranger, name: 'dev-2' },
      ],
      ...fleet,
    }),
    speed,
  });
  const clients: { destroy(): void }[] = [];
  const keep = <T extends { destroy(): void }>(client: T): T => {
    clients.push(client);
    return client;
  };
  const settings = (options: ClientOptions) => ({
    endpoint: sandbox.url,
    region: options.region ?? region,
    credentials: { accessKeyId: options.account ?? account, secretAccessKey: 'any' },
    maxAttempts: options.maxAttempts ?? 1,
  });
  return {
    ...sandbox,
    s3: (options = {}) => keep(new S3Client(settings(options))),
    rds: (options = {}) => keep(new RDSClient(settings(options))),
    close: async () => {
      for (const client of clients) client.destroy();
      await sandbox.close();
    },
  };
}
