import { stat } from 'node:fs/promises';
import type { BuildState } from '../../../../sandbox/admin/build-schema.js';
import type { SandboxAdmin } from '../../../../sandbox/admin-client.js';
import type { BuildkiteJobState } from '../../../../sandbox/buildkite/view.js';
import { markerVariables } from '../../../domain/builds/spec.js';
import type { BuildPiece, JobPiece, Piece } from './pieces.js';

/** How a build or job stands. */
export interface Standing {
  name: string;
  via: Piece['via'];
  /** `waiting` until there is a build, and `over` once nothing more comes of it. */
  stage: 'waiting' | 'running' | 'over';
  /** In CodeBuild's words, or Buildkite's. */
  state: string;
  /** Bytes of its log that have arrived where they were to go. */
  arrived: number;
}

/** Asks the cloud how all of them stand. */
export async function standingsOf(
  pieces: readonly Piece[],
  admin: SandboxAdmin,
): Promise<Standing[]> {
  const builds = await admin.builds();
  const jobs = new Map((await admin.buildkiteJobs()).map((job) => [job.uuid, job]));
  const standings: Standing[] = [];
  for (const piece of pieces) {
    const [build] = buildsOf(piece, builds);
    const how =
      piece.kind === 'build'
        ? { ...stateOfBuild(piece, build), arrived: await sizeOf(piece.file) }
        : stateOfJob(piece, jobs.get(piece.uuid), build);
    standings.push({ name: piece.work.name, via: piece.via, ...how });
  }
  return standings;
}

/** The builds in CodeBuild that were started for it. */
export function buildsOf(
  { workflowId }: Pick<Piece, 'workflowId'>,
  builds: readonly BuildState[],
): BuildState[] {
  return builds.filter(({ env }) => env[markerVariables.workflow]?.value === workflowId);
}

/** In Buildkite's words: `passed` and `failed` are both `finished` to its agents. */
export function jobStatus({ state, exitStatus }: BuildkiteJobState): string {
  if (state !== 'finished') return state;
  return exitStatus === '0' ? 'passed' : 'failed';
}

type How = Pick<Standing, 'stage' | 'state'>;

function stateOfBuild({ result }: BuildPiece, build: BuildState | undefined): How {
  if (!build) return { stage: 'waiting', state: 'starting' };
  if (result) return { stage: 'over', state: result.status };
  return { stage: 'running', state: phaseOf(build) };
}

function stateOfJob(
  { uuid }: JobPiece,
  job: BuildkiteJobState | undefined,
  build: BuildState | undefined,
): How & { arrived: number } {
  if (!job) throw new Error(`Buildkite has lost the job ${uuid}`);
  const arrived = job.log.bytes;
  const state = jobStatus(job);
  if (job.endedBy !== undefined) return { stage: 'over', state, arrived };
  if (!build) return { stage: 'waiting', state, arrived };
  return { stage: 'running', state: `${state}: ${phaseOf(build)}`, arrived };
}

function phaseOf({ status, phase }: BuildState): string {
  return status === 'IN_PROGRESS' ? (phase ?? status) : status;
}

async function sizeOf(path: string): Promise<number> {
  // Not there until its first bytes are.
  return await stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}
