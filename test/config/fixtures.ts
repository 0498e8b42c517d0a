import { parse } from 'yaml';

/** The smallest config, as the README shows it. */
export const smallest = `\
accounts:
  ssm: { path: /nightshift/accounts }
  role: arn:aws:iam::{accountId}:role/nightshift-spoke
regions: [ap-southeast-2, us-east-1]
policies: [policies/*.yml]
`;

/** The smallest config with some sections replaced, parsed. */
export function configWith(sections: Record<string, unknown>): Record<string, unknown> {
  return { ...(parse(smallest) as Record<string, unknown>), ...sections };
}
