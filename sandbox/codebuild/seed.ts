import type { Directory } from '../fleet/directory.js';
import type { CodeBuild } from './service.js';

/** Puts the fleet's projects there. */
export function seedProjects(codebuild: CodeBuild, directory: Directory): void {
  for (const { account: named, region, ...spec } of directory.fleet.projects) {
    const account = directory.account(named);
    if (account) codebuild.seed(account.id, region, spec);
  }
}
