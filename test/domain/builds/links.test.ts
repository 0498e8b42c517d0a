import { expect, test } from 'vitest';
import { consoleLink } from '../../../src/domain/builds/links.js';

const uuid = '9f2b6a5e-3a1c-4d0e-8f7b-0123456789ab';

test.each([
  ['aws', 'ap-southeast-2', 'ap-southeast-2.console.aws.amazon.com'],
  ['aws-cn', 'cn-north-1', 'cn-north-1.console.amazonaws.cn'],
  ['aws-us-gov', 'us-gov-west-1', 'us-gov-west-1.console.amazonaws-us-gov.com'],
])('a build in %s is shown by the console of that partition', (partition, region, host) => {
  const account = { id: '123456789012', name: 'dev-1' };
  const arn = `arn:${partition}:codebuild:${region}:${account.id}:build/web:${uuid}`;
  expect(consoleLink({ account, region }, `web:${uuid}`, arn)).toBe(
    `https://${host}/codesuite/codebuild/${account.id}/projects/web/build/web%3A${uuid}/?region=${region}`,
  );
});

test('a build whose ARN is not known is looked for in the console of AWS at large', () => {
  const target = { account: { id: '123456789012', name: 'dev-1' }, region: 'us-east-1' };
  expect(new URL(consoleLink(target, `web:${uuid}`, '')).host).toBe(
    'us-east-1.console.aws.amazon.com',
  );
});
