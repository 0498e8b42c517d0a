import { InvalidInputError } from '../errors.js';

/** How a build is named by people: by its id or its ARN, which has the account and region. */
export interface BuildName {
  buildId: string;
  account?: string;
  region?: string;
}

const arnPattern =
  /^arn:aws[\w-]*:codebuild:(?<region>[a-z0-9-]+):(?<account>\d{12}):build\/(?<buildId>[\w-]+:[\w-]+)$/;
const idPattern = /^[A-Za-z0-9][\w-]*:[\w-]{36}$/;

/** Whether a name is that of a build, and not of a workflow. */
export function isBuildName(name: string): boolean {
  return arnPattern.test(name) || idPattern.test(name);
}

/** @throws InvalidInputError for what is neither an id nor an ARN. */
export function parseBuildName(name: string, source = 'build'): BuildName {
  const arn = arnPattern.exec(name)?.groups;
  if (arn)
    return {
      buildId: arn['buildId'] ?? '',
      account: arn['account'] ?? '',
      region: arn['region'] ?? '',
    };
  if (idPattern.test(name)) return { buildId: name };
  throw new InvalidInputError([
    {
      source,
      path: '',
      message: `"${name}" is not a build: must be its id (project:uuid), its ARN, or the id of its workflow`,
    },
  ]);
}
