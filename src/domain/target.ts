/** An AWS account as Nightshift knows it: its 12-digit id and the name that the team uses. */
export interface Account {
  id: string;
  name: string;
}

/** A target is one account × region. */
export interface Target {
  account: Account;
  region: string;
}

/** `dev-1/us-east-1`: how a target is written for people. */
export function targetName(target: Target): string {
  return `${target.account.name}/${target.region}`;
}

/** `111111111111/us-east-1`: how a target is written in ids. Account ids are never reused, names are. */
export function targetKey(target: Target): string {
  return `${target.account.id}/${target.region}`;
}
