import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { EC2Client } from '@aws-sdk/client-ec2';
import { RDSClient } from '@aws-sdk/client-rds';
import { S3Client } from '@aws-sdk/client-s3';
import { SSMClient } from '@aws-sdk/client-ssm';

/** The account that Nightshift works from: it holds the list of accounts, and nothing to clean up. */
export const hubAccount = '999999999999';

/** Environment that makes AWS's own tools act as an account of the emulator. */
export function awsEnvironment(
  endpoint: string,
  account: string,
  region: string,
): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    // MiniStack takes a 12-digit access key for the account.
    AWS_ACCESS_KEY_ID: account,
    AWS_SECRET_ACCESS_KEY: 'emulator',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

/** Clients that act as one account of the emulator in one region, to seed it and to look at it. */
export interface EmulatedTarget {
  account: string;
  region: string;
  cloudFormation: CloudFormationClient;
  ec2: EC2Client;
  rds: RDSClient;
  s3: S3Client;
  ssm: SSMClient;
}

export function emulatedTarget(endpoint: string, account: string, region: string): EmulatedTarget {
  const settings = {
    endpoint,
    region,
    credentials: { accessKeyId: account, secretAccessKey: 'emulator' },
    maxAttempts: 1,
  };
  return {
    account,
    region,
    cloudFormation: new CloudFormationClient(settings),
    ec2: new EC2Client(settings),
    rds: new RDSClient(settings),
    s3: new S3Client(settings),
    ssm: new SSMClient(settings),
  };
}
