import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { STSClient } from '@aws-sdk/client-sts';

/** What every SDK client needs to speak to a sandbox as an account. */
export function clientConfig(endpoint: string, accountId: string, region: string) {
  return {
    endpoint,
    region,
    credentials: { accessKeyId: accountId, secretAccessKey: 'sandbox' },
    maxAttempts: 1,
  };
}

export function cloudFormationClient(url: string, accountId: string, region: string) {
  return new CloudFormationClient(clientConfig(url, accountId, region));
}

export function stsClient(url: string, accountId: string, region = 'us-east-1') {
  return new STSClient(clientConfig(url, accountId, region));
}
