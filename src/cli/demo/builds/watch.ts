import { setTimeout as delay } from 'node:timers/promises';
import { NightshiftError } from '../../../domain/errors.js';
import { unlessStopped } from '../stopping.js';
import { replaceWorker } from '../workers.js';
import { Accident } from './accident.js';
import { boardFor } from './board.js';
import type { BuildPiece, JobPiece, Piece } from './pieces.js';
import type { Stage } from './stage.js';
import { type Standing, standingsOf } from './standing.js';

/** Milliseconds between two looks, and how long it may all take. */
const every = 400;
const longest = 240_000;

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
  const board = boardFor(output);
  const accident = new Accident({
    ...rolesOf(jobs, (uuid) => sandbox.admin.cancelBuildkiteJob(uuid)),
    replaceWorker: () => replaceWorker(stage),
    board,
    output,
  });
  const results = Promise.all(builds.map(awaitResult));
  results.catch(() => undefined);
  const watched = (async () => {
    const until = Date.now() + longest;
    for (;;) {
      signal.throwIfAborted();
      const standings = await standingsOf(pieces, sandbox.admin);
      board.show(standings);
      await accident.see(standings);
      if (standings.every(({ stage }) => stage === 'over')) return;
      if (Date.now() > until) throw goesOn(standings);
      await delay(every, undefined, { signal });
    }
  })();
  try {
    await unlessStopped(signal, Promise.all([watched, results]));
  } finally {
    board.close();
  }
  return accident.hasHappened;
}

/** Who plays which part. */
function rolesOf(jobs: readonly JobPiece[], cancel: (uuid: string) => Promise<unknown>) {
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

function goesOn(standings: readonly Standing[]): NightshiftError {
  const names = standings.filter(({ stage }) => stage !== 'over').map(({ name }) => name);
  return new NightshiftError(
    'Internal',
    `not over after ${longest / 60_000} minutes: ${names.join(', ')}`,
  );
}
