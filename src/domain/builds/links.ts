import type { Target } from '../target.js';

/** China and GovCloud have consoles of their own, as the partition of an ARN tells. */
const consoles: Partial<Record<string, string>> = {
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
};

/** The page of a build in the AWS console. */
export function consoleLink({ account, region }: Target, buildId: string, arn: string): string {
  const host = consoles[arn.split(':')[1] ?? ''] ?? 'console.aws.amazon.com';
  const project = buildId.slice(0, buildId.lastIndexOf(':'));
  const path = `${account.id}/projects/${project}/build/${encodeURIComponent(buildId)}`;
  return `https://${region}.${host}/codesuite/codebuild/${path}/?region=${region}`;
}
