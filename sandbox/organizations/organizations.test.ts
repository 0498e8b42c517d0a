import {
  DescribeOrganizationCommand,
  ListAccountsForParentCommand,
  ListChildrenCommand,
  ListOrganizationalUnitsForParentCommand,
  ListRootsCommand,
  paginateListAccounts,
  type OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { defineFleet } from '../fleet/load.js';
import { startSandbox, type Sandbox } from '../index.js';
import { organizationsClient } from '../testing/clients.js';

let sandbox: Sandbox;
let organizations: OrganizationsClient;
beforeEach(async () => {
  sandbox = await startSandbox({
    fleet: defineFleet({
      regions: ['us-east-1'],
      accounts: Array.from({ length: 44 }, (_, index) => ({
        id: String(100_000_000_000 + index),
        name: `dev-${index}`,
        ...(index < 3 ? { unit: 'Development' } : {}),
      })),
    }),
  });
  organizations = organizationsClient(sandbox.url, '000000000000', 'us-east-1');
});
afterEach(() => sandbox.close());

test('accounts are listed in pages of twenty, the management account among them', async () => {
  const sizes: number[] = [];
  const ids: string[] = [];
  for await (const page of paginateListAccounts({ client: organizations }, {})) {
    sizes.push(page.Accounts?.length ?? 0);
    ids.push(...(page.Accounts ?? []).map((account) => account.Id ?? ''));
  }
  expect(sizes).toEqual([20, 20, 5]);
  expect(ids).toContain('000000000000');
});

test('a unit is found below the root, and its accounts below it', async () => {
  const { Roots } = await organizations.send(new ListRootsCommand({}));
  const root = Roots?.[0]?.Id ?? '';
  const { OrganizationalUnits } = await organizations.send(
    new ListOrganizationalUnitsForParentCommand({ ParentId: root }),
  );
  expect(OrganizationalUnits?.map((unit) => unit.Name)).toEqual(['Development']);
  const unit = OrganizationalUnits?.[0]?.Id ?? '';
  const { Accounts } = await organizations.send(
    new ListAccountsForParentCommand({ ParentId: unit }),
  );
  expect(Accounts?.map((account) => account.Name)).toEqual(['dev-0', 'dev-1', 'dev-2']);
  const { Children } = await organizations.send(
    new ListChildrenCommand({ ParentId: unit, ChildType: 'ACCOUNT' }),
  );
  expect(Children).toHaveLength(3);
});

test('a parent that is not there is an error', async () => {
  await expect(
    organizations.send(new ListAccountsForParentCommand({ ParentId: 'ou-none-00000000' })),
  ).rejects.toMatchObject({ name: 'ParentNotFoundException' });
});

test('a member account may not list, and may ask which organization it is in', async () => {
  const member = organizationsClient(sandbox.url, '100000000000', 'us-east-1');
  await expect(member.send(new ListRootsCommand({}))).rejects.toMatchObject({
    name: 'AccessDeniedException',
  });
  const { Organization } = await member.send(new DescribeOrganizationCommand({}));
  expect(Organization?.MasterAccountId).toBe('000000000000');
});
