import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { BuildHandle, BuildResult } from '../../../client/index.js';
import { account, buildsProject, buildspecOf, region } from './fleet.js';
import type { Stage } from './stage.js';
import { type BuildWork, type Intake, type JobWork, buildWork, jobWork } from './work.js';

interface Begun {
  /** Of the workflow that starts the build: its builds in CodeBuild are marked with it. */
  workflowId: string;
}

/** A build that the client has started. */
export interface BuildPiece extends Begun {
  kind: 'build';
  work: BuildWork;
  via: 'client';
  handle: BuildHandle;
  /** Path that its log is written to. */
  file: string;
  /** Once it is known how the build ended, and its log is whole. */
  result?: BuildResult;
}

/** A job that was put into Buildkite. */
export interface JobPiece extends Begun {
  kind: 'job';
  work: JobWork;
  via: Intake;
  uuid: string;
}

/** A build or job that is under way. */
export type Piece = BuildPiece | JobPiece;

/** Puts the jobs into Buildkite and starts the builds. */
export async function beginAll(stage: Stage): Promise<{ builds: BuildPiece[]; jobs: JobPiece[] }> {
  const jobs: JobPiece[] = [];
  for (const work of jobWork) jobs.push(await beginJob(stage, work));
  const builds: BuildPiece[] = [];
  for (const work of buildWork) builds.push(await beginBuild(stage, work));
  return { builds, jobs };
}

async function beginJob({ sandbox, queues }: Stage, work: JobWork): Promise<JobPiece> {
  const { name, intake, command } = work;
  const uuid = randomUUID();
  await sandbox.admin.createBuildkiteJob({ uuid, queue: queues[intake], command, label: name });
  return { kind: 'job', work, via: intake, uuid, workflowId: `buildkite-job/${uuid}/build` };
}

async function beginBuild(
  { nightshift, taskQueue, logs }: Stage,
  work: BuildWork,
): Promise<BuildPiece> {
  const file = join(logs, `${work.name}.log`);
  const workflowId = `${taskQueue}/${work.name}`;
  const handle = await nightshift.builds.run(
    {
      account: account.name,
      region,
      project: buildsProject,
      buildspec: buildspecOf(work.phases),
      sinks: [{ file }],
    },
    { workflowId },
  );
  return { kind: 'build', work, via: 'client', handle, file, workflowId };
}
