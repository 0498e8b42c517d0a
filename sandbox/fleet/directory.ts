import type { Fleet, FleetAccount, FleetRole } from './schema.js';

/** Who and what the fleet has: accounts by id or name, their regions, their roles. */
export class Directory {
  private readonly accounts = new Map<string, FleetAccount>();

  constructor(readonly fleet: Fleet) {
    for (const account of fleet.accounts) {
      this.accounts.set(account.id, account);
      this.accounts.set(account.name, account);
    }
    const management = fleet.managementAccount;
    if (!this.accounts.has(management))
      this.accounts.set(management, { id: management, name: 'management', roles: [] });
  }

  /** Accounts, the management account last unless the fleet lists it itself. */
  list(): FleetAccount[] {
    return [...new Set(this.accounts.values())];
  }

  /** An account by id or name. */
  account(idOrName: string): FleetAccount | undefined {
    return this.accounts.get(idOrName);
  }

  hasAccount(accountId: string): boolean {
    return this.accounts.get(accountId)?.id === accountId;
  }

  /** Regions that the account has enabled. */
  regions(account: FleetAccount): readonly string[] {
    return account.regions ?? this.fleet.regions;
  }

  /** Every region of the sandbox's AWS, enabled or not. */
  allRegions(): string[] {
    const enabled = this.list().flatMap((account) => this.regions(account));
    return [...new Set([...enabled, ...this.fleet.disabledRegions])];
  }

  hasRegion(accountId: string, region: string): boolean {
    const account = this.accounts.get(accountId);
    return account !== undefined && this.regions(account).includes(region);
  }

  role(accountId: string, name: string): FleetRole | undefined {
    const account = this.accounts.get(accountId);
    if (!account) return undefined;
    return [...account.roles, ...this.fleet.roles].find((role) => role.name === name);
  }

  /** Whether `arn:aws:iam::<account>:role/<path/name>` is one of the fleet's roles. */
  hasRole(arn: string): boolean {
    const [, accountId, name] = /^arn:aws:iam::(\d{12}):role\/(.+)$/.exec(arn) ?? [];
    return (
      accountId !== undefined && name !== undefined && this.role(accountId, name) !== undefined
    );
  }
}
