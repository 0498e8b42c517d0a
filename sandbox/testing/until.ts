import { DescribeStacksCommand, type CloudFormationClient } from '@aws-sdk/client-cloudformation';

/** Waits until the condition holds; gives up after 20 s of real time. */
export async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('the condition did not come to hold within 20 s');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export async function statusOf(client: CloudFormationClient, stack: string): Promise<string> {
  const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stack }));
  return Stacks?.[0]?.StackStatus ?? 'none';
}
