import type { Account } from './target.js';

/** The ARN of the role to assume in an account; undefined when the base credentials are used as they are. */
export function roleArn(
  accounts: { role?: string | undefined },
  account: Account,
): string | undefined {
  return accounts.role
    ?.replaceAll('{accountId}', account.id)
    .replaceAll('{accountName}', account.name);
}
