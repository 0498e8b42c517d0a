import { z } from 'zod';
import type { JsonAction } from '../../core/aws-json.js';
import { batchSize } from '../limits.js';
import { showBuild } from '../show-build.js';
import { showProject } from '../show-project.js';
import { action, type Parts } from './action.js';
import { checkBuildId } from './find-build.js';

const batch = z.array(z.string().min(1)).min(1).max(batchSize);

export function batchGetBuilds({ store, settings }: Parts): JsonAction {
  return action(z.strictObject({ ids: batch }), ({ ids }, call) => {
    for (const id of ids) checkBuildId(id);
    const shownFrom = call.now - settings.getDelaySeconds * 1000;
    const find = (id: string) => {
      const build = store.find(call.accountId, call.region, id);
      return build && build.options.submittedAt <= shownFrom ? build : undefined;
    };
    const found = new Set(ids.flatMap((id) => find(id) ?? []));
    return {
      json: {
        builds: [...found].map((build) => showBuild(build, call.now)),
        buildsNotFound: ids.filter((id) => !find(id)),
      },
    };
  });
}

export function batchGetProjects({ store }: Parts): JsonAction {
  return action(z.strictObject({ names: batch }), ({ names }, { accountId, region }) => {
    const prefix = `arn:aws:codebuild:${region}:${accountId}:project/`;
    const find = (name: string) =>
      store.project(accountId, region, name.startsWith(prefix) ? name.slice(prefix.length) : name);
    const found = new Set(names.flatMap((name) => find(name) ?? []));
    return {
      json: {
        projects: [...found].map(showProject),
        projectsNotFound: names.filter((name) => !find(name)),
      },
    };
  });
}
