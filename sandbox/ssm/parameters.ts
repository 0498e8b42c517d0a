import type { Directory } from '../fleet/directory.js';
import type { Fleet } from '../fleet/schema.js';

export interface Parameter {
  name: string;
  type: 'String' | 'StringList' | 'SecureString';
  value: string;
  /** From 1. */
  version: number;
  /** Sandbox ms. */
  modifiedAt: number;
  /** Versions before this one that Parameter Store still has, the oldest first. */
  earlier?: readonly Parameter[];
}

/** Versions of a parameter that are kept; with one more, the oldest goes. */
const maxVersions = 100;

/** The parameter with a new value, its versions so far behind it. */
export function renewed(known: Parameter, change: Omit<Parameter, 'version'>): Parameter {
  const { earlier = [], ...latest } = known;
  return {
    ...change,
    version: known.version + 1,
    earlier: [...earlier, latest].slice(1 - maxVersions),
  };
}

/** The parameters of every account and region. */
export class Parameters {
  private readonly targets = new Map<string, Map<string, Parameter>>();

  /** What the fleet says: a parameter without a region is in every region of its account. */
  seed(directory: Directory, now: number): void {
    const { fleet } = directory;
    for (const { account: named, region, ...parameter } of [
      ...accountParameters(fleet),
      ...fleet.parameters,
    ]) {
      // AWS's own parameters, as `/aws/service/ami-…`, are there for every account.
      const isPublic = named === undefined && parameter.name.startsWith('/aws/');
      const owner = directory.account(named ?? fleet.managementAccount);
      for (const account of isPublic ? directory.list() : owner ? [owner] : [])
        for (const place of region === undefined ? directory.regions(account) : [region])
          this.target(account.id, place).set(parameter.name, {
            ...parameter,
            version: 1,
            modifiedAt: now,
          });
    }
  }

  target(accountId: string, region: string): Map<string, Parameter> {
    const key = `${accountId}/${region}`;
    let parameters = this.targets.get(key);
    if (!parameters) {
      parameters = new Map();
      this.targets.set(key, parameters);
    }
    return parameters;
  }
}

/** `<path>/<name>` = id for each account but the management account, which holds them. */
function accountParameters(fleet: Fleet): Fleet['parameters'] {
  const { accountParameters: path, managementAccount } = fleet;
  if (path === undefined) return [];
  return fleet.accounts
    .filter((account) => account.id !== managementAccount)
    .map(({ id, name }) => ({ name: `${path}/${name}`, value: id, type: 'String' }));
}
