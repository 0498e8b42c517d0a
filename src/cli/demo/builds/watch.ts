import { Accident } from '../accident.js';
import { boardFor } from '../board.js';
import { unlessStopped } from '../stopping.js';
import { watch } from '../watch.js';
import { standingsLook } from './look.js';
import type { BuildPiece, JobPiece, Piece } from './pieces.js';
import { type Roles, buildsPlot } from './plot.js';
import type { Stage } from './stage.js';
import { standingsOf } from './standing.js';

/**
 * Shows builds and jobs to their end; on the way the worker is killed and a job cancelled. Returns whether that
 * came about.
 *
 * @throws NightshiftError when they don't come to an end, naming those that go on.
 */
export async function watchAll(
  stage: Stage,
  { builds, jobs }: { builds: readonly BuildPiece[]; jobs: readonly JobPiece[] },
): Promise<boolean> {
  const { output, processes, sandbox } = stage;
  const { signal } = processes;
  const pieces: readonly Piece[] = [...builds, ...jobs];
  const board = boardFor(standingsLook(), output);
  const roles = rolesOf(jobs, (uuid) => sandbox.admin.cancelBuildkiteJob(uuid));
  const accident = new Accident(buildsPlot(roles, output), stage, board);
  const results = Promise.all(builds.map(awaitResult));
  const watched = watch({
    look: () => standingsOf(pieces, sandbox.admin),
    board,
    see: (standings) => accident.see(standings),
    open: (standings) => standings.filter(({ stage }) => stage !== 'over').map(({ name }) => name),
    signal,
  });
  await unlessStopped(signal, Promise.all([watched, results]));
  return accident.hasHappened;
}

/** Who plays which part. */
function rolesOf(jobs: readonly JobPiece[], cancel: (uuid: string) => Promise<unknown>): Roles {
  const long = jobs.find(({ work }) => work.logBytes !== undefined);
  const endless = jobs.find(({ work }) => work.ending.kind === 'cancelled');
  if (!long?.work.logBytes || !endless) throw new Error('the demo has lost its jobs');
  return {
    long: { name: long.work.name, bytes: long.work.logBytes },
    endless: endless.work.name,
    cancel: async () => {
      await cancel(endless.uuid);
    },
  };
}

async function awaitResult(piece: BuildPiece): Promise<void> {
  piece.result = await piece.handle.result();
}
