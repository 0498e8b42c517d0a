import { setTimeout as delay } from 'node:timers/promises';
import {
  BatchGetBuildsCommand,
  type Build,
  type CodeBuildClient,
  paginateListBuildsForProject,
} from '@aws-sdk/client-codebuild';
import { type BuildStart, markerVariables } from '../../domain/builds/spec.js';
import { variableOf } from './snapshot.js';

/** Clocks differ, and a build is not older than its request. */
const slack = 600_000;

/**
 * The build that a start has led to, by the marker in its environment; undefined when there is none. Looks
 * through the project's builds, the newest first, back to when the start was first tried.
 */
export async function findBuild(
  client: CodeBuildClient,
  project: string,
  { token }: BuildStart,
  triedSince: number,
  abortSignal: AbortSignal,
): Promise<Build | undefined> {
  const query = { projectName: project, sortOrder: 'DESCENDING' as const };
  for await (const page of paginateListBuildsForProject({ client }, query, { abortSignal })) {
    const ids = page.ids ?? [];
    if (ids.length === 0) continue;
    const { builds = [] } = await client.send(new BatchGetBuildsCommand({ ids }), { abortSignal });
    // CodeBuild's own retries inherit the variables: the first of them is the one that was started here.
    const found = builds.filter((build) => variableOf(build, markerVariables.token) === token);
    const first = found.sort((a, b) => startOf(a) - startOf(b))[0];
    if (first) return first;
    if (builds.some((build) => startOf(build) < triedSince - slack)) return undefined;
  }
  return undefined;
}

function startOf({ startTime }: Build): number {
  return startTime?.getTime() ?? Number.MAX_SAFE_INTEGER;
}

/**
 * As `findBuild`, for a start of a moment ago: a project's list shows a new build only after a second or two.
 *
 * @param every milliseconds between two looks: the last one comes after the second such wait
 */
export async function findNewBuild(
  every: number,
  ...wanted: Parameters<typeof findBuild>
): Promise<Build | undefined> {
  const signal = wanted[4];
  for (let looks = 1; ; looks += 1) {
    const build = await findBuild(...wanted);
    if (build || looks === 3) return build;
    await delay(every, undefined, { signal });
  }
}
