import {
  CreateStackCommand,
  ListExportsCommand,
  UpdateStackCommand,
  type CloudFormationClient,
  type CreateStackCommandInput,
} from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Sandbox } from '../index.js';
import { cloudFormationClient } from '../testing/clients.js';
import { account, oneTarget, region } from '../testing/fleets.js';
import { deleteStack, eventsOf, stackOf, statusOf } from '../testing/stack-calls.js';

let sandbox: Sandbox;
let cfn: CloudFormationClient;
beforeEach(async () => {
  sandbox = await oneTarget([
    { name: 'base', exports: ['base-id'] },
    { name: 'undone', status: 'ROLLBACK_COMPLETE' },
  ]);
  cfn = cloudFormationClient(sandbox.url, account, region);
});
afterEach(() => sandbox.close());

const template = `
Parameters:
  Stage: { Type: String, Default: dev }
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      Tags: [{ Key: vpc, Value: !ImportValue base-id }]
  Files:
    Type: AWS::S3::Bucket
    Properties: { BucketName: !Sub "files-\${AWS::AccountId}" }
  Inner:
    Type: AWS::CloudFormation::Stack
    Properties: { TemplateURL: https://example.com/inner.yaml }
Outputs:
  Url:
    Value: !Join ["/", ["https:", "", !Ref Stage]]
    Export: { Name: !Sub "\${AWS::StackName}-\${Stage}-url" }
`;

const create = (input: Partial<CreateStackCommandInput> = {}) =>
  cfn.send(new CreateStackCommand({ StackName: 'made', TemplateBody: template, ...input }));

test('a stack is created with its outputs, exports, bucket and nested stack', async () => {
  const { StackId } = await create({
    Tags: [{ Key: 'ephemeral', Value: 'true' }],
    Parameters: [{ ParameterKey: 'Stage', ParameterValue: 'prod' }],
    EnableTerminationProtection: true,
  });
  expect(await statusOf(cfn, 'made')).toBe('CREATE_IN_PROGRESS');
  sandbox.clock.skip(20);
  expect(await stackOf(cfn, 'made')).toMatchObject({
    StackId,
    StackStatus: 'CREATE_COMPLETE',
    EnableTerminationProtection: true,
    Tags: [{ Key: 'ephemeral', Value: 'true' }],
    Outputs: [{ OutputKey: 'Url', OutputValue: 'https://prod', ExportName: 'made-prod-url' }],
  });
  expect(sandbox.services.s3.contents(`files-${account}`)).toBeDefined();
  const { stacks } = sandbox.services.cloudFormation;
  const inner = [...stacks.all()].filter((stack) => stack.parent?.id === StackId);
  expect(inner).toHaveLength(1);
  await expect(deleteStack(cfn, 'base')).resolves.toBeDefined();
  sandbox.clock.skip(3);
  expect((await eventsOf(cfn, 'base'))[0]).toContain('in use by made');
});

test('what a stack exports can be imported once it is complete', async () => {
  await create();
  const names = async () =>
    (await cfn.send(new ListExportsCommand({}))).Exports?.map((exported) => exported.Name);
  expect(await names()).toEqual(['base-id']);
  sandbox.clock.skip(20);
  expect(await names()).toEqual(['base-id', 'made-dev-url']);
});

test('a name that is in use is refused', async () => {
  await expect(create({ StackName: 'base' })).rejects.toMatchObject({
    name: 'AlreadyExistsException',
    message: 'Stack [base] already exists',
  });
});

test('the same request token gives the same stack', async () => {
  const first = await create({ ClientRequestToken: 't1' });
  const second = await create({ ClientRequestToken: 't1' });
  expect(second.StackId).toBe(first.StackId);
  await expect(deleteStack(cfn, 'made', { ClientRequestToken: 't1' })).rejects.toMatchObject({
    name: 'TokenAlreadyExistsException',
  });
});

test.each([
  [
    'an import that nothing exports',
    template.replace('base-id', 'no-id'),
    /No export named no-id found/,
  ],
  [
    'an export that another stack has',
    template
      .replace('"${AWS::StackName}-${Stage}-url"', 'base-id')
      .replace('!ImportValue base-id', 'x'),
    /Export with name base-id is already exported by stack base/,
  ],
])('%s rolls the creation back', async (_, body, reason) => {
  await create({ TemplateBody: body });
  sandbox.clock.skip(20);
  expect(await statusOf(cfn, 'made')).toBe('ROLLBACK_COMPLETE');
  expect((await eventsOf(cfn, 'made')).join('\n')).toMatch(reason);
});

test.each([
  ['no YAML', 'Resources: ['],
  ['no resources', 'Resources: {}'],
  ['a resource without a type', 'Resources: { A: {} }'],
])('a template with %s is refused', async (_, body) => {
  await expect(create({ TemplateBody: body })).rejects.toMatchObject({
    name: 'ValidationError',
    message: expect.stringContaining('Template format error') as unknown,
  });
});

test('a delete breaks into a creation', async () => {
  const { StackId = '' } = await create();
  await deleteStack(cfn, StackId);
  sandbox.clock.skip(60);
  expect(await statusOf(cfn, StackId)).toBe('DELETE_COMPLETE');
});

test('an update of tags takes a while and keeps others out', async () => {
  const tags = [{ Key: 'ephemeral', Value: 'true' }];
  const update = (StackName: string) =>
    cfn.send(new UpdateStackCommand({ StackName, UsePreviousTemplate: true, Tags: tags }));
  await update('base');
  await expect(update('base')).rejects.toThrow(
    /is in UPDATE_IN_PROGRESS state and can not be updated/,
  );
  await expect(deleteStack(cfn, 'base')).rejects.toThrow(/while in status UPDATE_IN_PROGRESS/);
  sandbox.clock.skip(10);
  expect(await stackOf(cfn, 'base')).toMatchObject({ StackStatus: 'UPDATE_COMPLETE', Tags: tags });
  await expect(update('base')).rejects.toThrow('No updates are to be performed.');
  await expect(update('undone')).rejects.toThrow(
    /is in ROLLBACK_COMPLETE state and can not be updated/,
  );
});
