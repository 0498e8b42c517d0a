import {
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  type CloudFormationClient,
  type DeleteStackCommandInput,
} from '@aws-sdk/client-cloudformation';

/** The stack as DescribeStacks shows it, by name or StackId. */
export async function stackOf(client: CloudFormationClient, nameOrId: string) {
  const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: nameOrId }));
  const [stack] = Stacks ?? [];
  if (!stack) throw new Error(`DescribeStacks gave no stack for ${nameOrId}`);
  return stack;
}

export async function statusOf(client: CloudFormationClient, nameOrId: string): Promise<string> {
  return (await stackOf(client, nameOrId)).StackStatus ?? '';
}

export async function idOf(client: CloudFormationClient, name: string): Promise<string> {
  return (await stackOf(client, name)).StackId ?? '';
}

export function deleteStack(
  client: CloudFormationClient,
  nameOrId: string,
  options: Partial<DeleteStackCommandInput> = {},
) {
  return client.send(new DeleteStackCommand({ StackName: nameOrId, ...options }));
}

/** Newest first: `LogicalId STATUS reason`, the first page. */
export async function eventsOf(client: CloudFormationClient, nameOrId: string): Promise<string[]> {
  const { StackEvents } = await client.send(
    new DescribeStackEventsCommand({ StackName: nameOrId }),
  );
  return (StackEvents ?? []).map((event) =>
    [event.LogicalResourceId, event.ResourceStatus, event.ResourceStatusReason ?? '']
      .join(' ')
      .trim(),
  );
}
