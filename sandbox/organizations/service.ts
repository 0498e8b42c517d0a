import { z } from 'zod';
import { AwsError } from '../core/aws-error.js';
import { jsonAction, JsonService, type JsonAction, type JsonCall } from '../core/aws-json.js';
import { offsetPage } from '../core/offset-page.js';
import type { Directory } from '../fleet/directory.js';
import type { FleetAccount } from '../fleet/schema.js';

const pageItems = 20;
const rootId = 'r-root';
const paging = {
  MaxResults: z.number().int().min(1).max(pageItems).default(pageItems),
  NextToken: z.string().optional(),
};
const childrenOf = z.object({ ParentId: z.string().min(1), ...paging });

/** The sandbox's Organizations: one root, with one level of organizational units. */
export function createOrganizations(now: () => number, directory: Directory): JsonService {
  const guarded = (action: JsonAction): JsonAction => {
    return (call) => {
      requireManagement(call, directory);
      return action(call);
    };
  };
  return new JsonService(
    ['organizations'],
    now,
    new Map<string, JsonAction>([
      // A member may ask which organization it is in, and nothing more.
      ['DescribeOrganization', describeOrganization(directory)],
      ['ListAccounts', guarded(listAccounts(directory))],
      ['ListAccountsForParent', guarded(listAccountsForParent(directory))],
      ['ListRoots', guarded(listRoots(directory))],
      ['ListOrganizationalUnitsForParent', guarded(listUnits(directory))],
      ['ListChildren', guarded(listChildren(directory))],
    ]),
  );
}

function requireManagement(call: JsonCall, directory: Directory): void {
  if (call.accountId === directory.fleet.managementAccount) return;
  throw new AwsError(
    'AccessDeniedException',
    "You don't have permissions to access this resource.",
  );
}

function describeOrganization(directory: Directory): JsonAction {
  const { organizationId, managementAccount } = directory.fleet;
  return () => ({
    json: {
      Organization: {
        Id: organizationId,
        Arn: `arn:aws:organizations::${managementAccount}:organization/${organizationId}`,
        FeatureSet: 'ALL',
        MasterAccountId: managementAccount,
        MasterAccountEmail: 'management@example.com',
      },
    },
  });
}

function listAccounts(directory: Directory): JsonAction {
  return jsonAction(z.object(paging), (input) => {
    const page = offsetPage(directory.list(), input.NextToken, input.MaxResults);
    return { json: { Accounts: page.items.map(shown(directory)), NextToken: page.next } };
  });
}

function listAccountsForParent(directory: Directory): JsonAction {
  return jsonAction(childrenOf, (input) => {
    const page = offsetPage(
      accountsIn(directory, input.ParentId),
      input.NextToken,
      input.MaxResults,
    );
    const json = { Accounts: page.items.map(shown(directory)), NextToken: page.next };
    return { json, subject: input.ParentId };
  });
}

function listRoots(directory: Directory): JsonAction {
  return () => ({
    json: {
      Roots: [{ Id: rootId, Name: 'Root', Arn: arn(directory, 'root', rootId), PolicyTypes: [] }],
    },
  });
}

function listUnits(directory: Directory): JsonAction {
  return jsonAction(childrenOf, (input) => {
    const page = offsetPage(unitsIn(directory, input.ParentId), input.NextToken, input.MaxResults);
    const units = page.items.map((name) => ({
      Id: unitId(name),
      Name: name,
      Arn: arn(directory, 'ou', unitId(name)),
    }));
    return { json: { OrganizationalUnits: units, NextToken: page.next }, subject: input.ParentId };
  });
}

function listChildren(directory: Directory): JsonAction {
  const schema = childrenOf.extend({ ChildType: z.enum(['ACCOUNT', 'ORGANIZATIONAL_UNIT']) });
  return jsonAction(schema, (input) => {
    const ids =
      input.ChildType === 'ACCOUNT'
        ? accountsIn(directory, input.ParentId).map((account) => account.id)
        : unitsIn(directory, input.ParentId).map(unitId);
    const page = offsetPage(ids, input.NextToken, input.MaxResults);
    const children = page.items.map((id) => ({ Id: id, Type: input.ChildType }));
    return { json: { Children: children, NextToken: page.next }, subject: input.ParentId };
  });
}

/** `ou-root-` and the unit's name in a form that an id may have. */
export function unitId(name: string): string {
  return `ou-root-${name
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .padEnd(8, '0')}`;
}

function unitsIn(directory: Directory, parent: string): string[] {
  requireParent(directory, parent);
  return parent === rootId ? unitNames(directory) : [];
}

function accountsIn(directory: Directory, parent: string): FleetAccount[] {
  requireParent(directory, parent);
  return directory
    .list()
    .filter(({ unit }) => (unit === undefined ? rootId : unitId(unit)) === parent);
}

function requireParent(directory: Directory, parent: string): void {
  if (parent === rootId || unitNames(directory).some((name) => unitId(name) === parent)) return;
  throw new AwsError(
    'ParentNotFoundException',
    `You specified a parent that doesn't exist: ${parent}`,
  );
}

function unitNames(directory: Directory): string[] {
  return [...new Set(directory.list().flatMap((account) => account.unit ?? []))].sort();
}

function arn(directory: Directory, kind: string, id: string): string {
  const { managementAccount, organizationId } = directory.fleet;
  return `arn:aws:organizations::${managementAccount}:${kind}/${organizationId}/${id}`;
}

function shown(directory: Directory): (account: FleetAccount) => unknown {
  return ({ id, name }) => ({
    Id: id,
    Arn: arn(directory, 'account', id),
    Email: `${name}@example.com`,
    Name: name,
    Status: 'ACTIVE',
    State: 'ACTIVE',
    JoinedMethod: 'CREATED',
    JoinedTimestamp: 1_600_000_000,
  });
}
