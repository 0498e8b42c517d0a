import type { JsonCall } from '../../core/aws-json.js';
import type { Build } from '../build.js';
import { invalidInput, notFound } from '../errors.js';
import type { Parts } from './action.js';

/** `<project>:<uuid>`, or the ARN that ends so. */
const buildId =
  /^(arn:aws[\w-]*:codebuild:[\w-]+:\d{12}:build\/)?[A-Za-z0-9][\w-]{1,149}:[0-9a-f-]{36}$/;

export function checkBuildId(id: string): void {
  if (!buildId.test(id)) throw invalidInput(`Invalid build ID given: ${id}`);
}

export function findBuild({ store }: Parts, { accountId, region }: JsonCall, id: string): Build {
  checkBuildId(id);
  const build = store.find(accountId, region, id);
  if (!build) throw notFound(`Build ${id} cannot be found`);
  return build;
}
