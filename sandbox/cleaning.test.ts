import {
  DescribeStacksCommand,
  paginateDescribeStacks,
  type CloudFormationClient,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { afterEach, expect, test } from 'vitest';
import { startSandbox, type Sandbox } from './index.js';
import { cloudFormationClient } from './testing/clients.js';
import { deleteStack } from './testing/stack-calls.js';

let sandbox: Sandbox;
afterEach(() => sandbox.close());

const dayMs = 86_400_000;

async function eligible(client: CloudFormationClient, now: number): Promise<Stack[]> {
  const found: Stack[] = [];
  for await (const page of paginateDescribeStacks({ client }, {}))
    for (const stack of page.Stacks ?? []) {
      const isEphemeral = stack.Tags?.some(
        (tag) => tag.Key === 'ephemeral' && tag.Value === 'true',
      );
      const isOld = now - (stack.CreationTime?.getTime() ?? now) > dayMs;
      const isRoot = stack.ParentId === undefined;
      if (isEphemeral && isOld && isRoot && !stack.StackName?.startsWith('StackSet-'))
        found.push(stack);
    }
  return found;
}

/** What the nightly loop does: delete all that is there, come back, again and again. */
async function pass(client: CloudFormationClient, now: number): Promise<void> {
  for (const stack of await eligible(client, now)) {
    if (stack.StackStatus === 'DELETE_IN_PROGRESS') continue;
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stack.StackId }));
    if (Stacks?.[0]?.EnableTerminationProtection) continue;
    await deleteStack(client, stack.StackId ?? '').catch((error: unknown) => {
      if (!(error instanceof Error) || error.name !== 'ValidationError') throw error;
    });
  }
}

test('a dumb loop cleans the example fleet, but for what is blocked, protected or not ephemeral', async () => {
  sandbox = await startSandbox({ fleet: 'examples/fleet.yaml', speed: 1e-6 });
  const clients = sandbox.directory
    .list()
    .filter((account) => account.id !== '000000000000')
    .flatMap((account) =>
      sandbox.directory
        .regions(account)
        .map((region) => cloudFormationClient(sandbox.url, account.id, region)),
    );
  const start = sandbox.clock.now();
  for (let round = 0; round < 8; round++) {
    for (const client of clients) await pass(client, start);
    sandbox.clock.skip(400);
  }
  sandbox.settle();
  const living = [...sandbox.services.cloudFormation.stacks.all()].filter(
    (stack) => !stack.isDeleted,
  );
  expect(living.map((stack) => stack.name).sort()).toEqual(
    [
      'StackSet-guardrails-5f0c1f5e-2c4e-4e2b-9d9e-1f2a3b4c5d6e',
      'audit-trail',
      // Blocked by payments-reporting.
      'payments-db',
      'payments-reporting',
      'platform-network',
      'pr-1907',
      'release-candidate',
      // Its bucket has to be emptied.
      'upload-service',
      // Nobody has given it another role.
      'old-tooling',
    ].sort(),
  );
});
