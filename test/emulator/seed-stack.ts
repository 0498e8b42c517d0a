import {
  CreateStackCommand,
  DescribeStacksCommand,
  type CreateStackCommandInput,
} from '@aws-sdk/client-cloudformation';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { EmulatedTarget } from './aws.js';
import type { StackSeed } from './fleet.js';
import { until } from './until.js';

/** Creates a stack and waits until it has settled. Returns its StackId. */
export async function seedStack(target: EmulatedTarget, seed: StackSeed): Promise<string> {
  const input: CreateStackCommandInput = {
    StackName: seed.name,
    TemplateBody: JSON.stringify(stackTemplate(seed)),
    Tags: tagList(seed.tags),
    EnableTerminationProtection: seed.terminationProtection ?? false,
  };
  const { StackId: id } = await target.cloudFormation.send(new CreateStackCommand(input));
  if (id === undefined) throw new Error(`no StackId for ${seed.name}`);
  await until(`${seed.name} to settle`, async () => {
    const { Stacks: stacks = [] } = await target.cloudFormation.send(
      new DescribeStacksCommand({ StackName: id }),
    );
    return stacks[0]?.StackStatus?.endsWith('_COMPLETE') === true;
  });
  if (seed.bucket !== undefined) {
    const object = { Bucket: seed.bucket, Key: 'object', Body: 'content' };
    await target.s3.send(new PutObjectCommand(object));
  }
  return id;
}

export function stackTemplate(seed: Pick<StackSeed, 'exports' | 'imports' | 'bucket'>): object {
  const imports = seed.imports?.map((name) => ({ 'Fn::ImportValue': name })) ?? [];
  const displayName = imports.length > 0 ? { DisplayName: { 'Fn::Join': ['-', imports] } } : {};
  return {
    Resources: {
      Topic: { Type: 'AWS::SNS::Topic', Properties: displayName },
      ...(seed.bucket === undefined
        ? {}
        : { Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: seed.bucket } } }),
    },
    Outputs: Object.fromEntries(
      (seed.exports ?? []).map((name, index) => [
        `Output${index}`,
        { Value: { Ref: 'Topic' }, Export: { Name: name } },
      ]),
    ),
  };
}

export function tagList(tags: Record<string, string> = {}): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
