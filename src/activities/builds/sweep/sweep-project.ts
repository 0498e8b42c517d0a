import {
  BatchGetBuildsCommand,
  type Build,
  type CodeBuildClient,
  paginateListBuildsForProject,
} from '@aws-sdk/client-codebuild';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { markerVariables } from '../../../domain/builds/spec.js';
import { startToken } from '../../../domain/builds/token.js';
import { stopBuild } from '../stop-build.js';
import { variableOf } from '../snapshot.js';
import type { SweptProject } from './prepare-sweep.js';

/** No build lives longer: 8 h in the queue and 36 h at work. */
const longestLife = 44 * 3_600_000;
/** Tokens that a workflow can have made: one for each build that it may start. */
const mostStarts = 20;

/** A project that is looked through for builds whose workflow is gone. */
export type SweepRequest = SweptProject;

export interface SweepOptions extends SweepRequest {
  codebuild: CodeBuildClient;
  client: Client;
  origin: string;
  signal: AbortSignal;
}

/** Stops those of our builds in a project that no workflow follows any more. */
export async function sweepProject(options: SweepOptions): Promise<{ stopped: string[] }> {
  const { codebuild, signal } = options;
  const stopped: string[] = [];
  for await (const build of livingBuilds(options)) {
    if (!(await isOrphan(options, build))) continue;
    await stopBuild(codebuild, build.id ?? '', signal);
    stopped.push(build.id ?? '');
  }
  return { stopped };
}

async function* livingBuilds({
  codebuild: client,
  project: projectName,
  origin,
  signal: abortSignal,
}: SweepOptions): AsyncGenerator<Build> {
  const query = { projectName, sortOrder: 'DESCENDING' as const };
  for await (const { ids = [] } of paginateListBuildsForProject({ client }, query, {
    abortSignal,
  })) {
    if (ids.length === 0) continue;
    const { builds = [] } = await client.send(new BatchGetBuildsCommand({ ids }), { abortSignal });
    for (const build of builds)
      if (
        build.buildStatus === 'IN_PROGRESS' &&
        variableOf(build, markerVariables.origin) === origin
      )
        yield build;
    const oldest = Math.min(...builds.map(({ startTime }) => startTime?.getTime() ?? Infinity));
    if (oldest < Date.now() - longestLife) return;
  }
}

/** Whether the very run that started a build is over: a name may have been used again since. */
async function isOrphan({ client }: SweepOptions, build: Build): Promise<boolean> {
  const workflowId = variableOf(build, markerVariables.workflow);
  const token = variableOf(build, markerVariables.token);
  if (workflowId === undefined || token === undefined) return false;
  try {
    const { status, raw } = await client.workflow.getHandle(workflowId).describe();
    if (status.name !== 'RUNNING') return true;
    const firstRun = raw.workflowExecutionInfo?.firstRunId ?? '';
    const tokens = Array.from({ length: mostStarts }, (_, index) =>
      startToken(workflowId, firstRun, index + 1),
    );
    return !tokens.includes(token);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return true;
    throw error;
  }
}
