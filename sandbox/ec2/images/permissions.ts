import type { Directory } from '../../fleet/directory.js';
import { unitId } from '../../organizations/service.js';

/** Who may launch an image besides its owner, in the names that EC2 has for them. */
export interface LaunchPermission {
  kind: 'userId' | 'group' | 'organizationArn' | 'organizationalUnitArn';
  /** An account's id, `all`, or an ARN. */
  value: string;
}

export const everyone: LaunchPermission = { kind: 'group', value: 'all' };

export function isPublic(permissions: readonly LaunchPermission[]): boolean {
  return permissions.some(({ kind }) => kind === 'group');
}

/** Whether an image is shared with an account by its id, its organization or its unit. */
export function isSharedWith(
  permissions: readonly LaunchPermission[],
  accountId: string,
  directory: Directory,
): boolean {
  if (permissions.some(({ kind, value }) => kind === 'userId' && value === accountId)) return true;
  const groups = groupsOf(accountId, directory);
  return permissions.some(({ kind, value }) => kind !== 'userId' && groups.includes(value));
}

/** ARNs of the organization and the unit that an account is in. */
function groupsOf(accountId: string, directory: Directory): string[] {
  const account = directory.account(accountId);
  if (!account) return [];
  const { managementAccount, organizationId } = directory.fleet;
  const root = `arn:aws:organizations::${managementAccount}`;
  return [
    `${root}:organization/${organizationId}`,
    ...(account.unit === undefined ? [] : [`${root}:ou/${organizationId}/${unitId(account.unit)}`]),
  ];
}
