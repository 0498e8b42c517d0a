import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { CodeBuildClient } from '@aws-sdk/client-codebuild';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ImagebuilderClient } from '@aws-sdk/client-imagebuilder';
import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { S3Client } from '@aws-sdk/client-s3';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';

/** What every SDK client needs to speak to a sandbox as an account. One attempt: tests look at each answer. */
export function clientConfig(endpoint: string, accountId: string, region: string) {
  return {
    endpoint,
    region,
    credentials: { accessKeyId: accountId, secretAccessKey: 'sandbox' },
    maxAttempts: 1,
  };
}

type Arguments = Parameters<typeof clientConfig>;

export const cloudFormationClient = (...of: Arguments) =>
  new CloudFormationClient(clientConfig(...of));
export const stsClient = (...of: Arguments) => new STSClient(clientConfig(...of));
export const ssmClient = (...of: Arguments) => new SSMClient(clientConfig(...of));
export const codeBuildClient = (...of: Arguments) => new CodeBuildClient(clientConfig(...of));
export const logsClient = (...of: Arguments) => new CloudWatchLogsClient(clientConfig(...of));
export const ec2Client = (...of: Arguments) => new EC2Client(clientConfig(...of));
export const imageBuilderClient = (...of: Arguments) => new ImagebuilderClient(clientConfig(...of));
export const organizationsClient = (...of: Arguments) =>
  new OrganizationsClient(clientConfig(...of));
export const s3Client = (...of: Arguments) =>
  new S3Client({ ...clientConfig(...of), forcePathStyle: true });
