import { setTimeout as delay } from 'node:timers/promises';
import { NightshiftError } from '../domain/errors.js';
import type { Output } from './output.js';
import type { Session } from './session.js';

/** How long a worker that is just starting may take to poll, in milliseconds. */
const defaultPatience = 10_000;

/**
 * Makes sure that a worker polls the task queue, so that a command doesn't wait for ever for an answer
 * that nobody gives. NIGHTSHIFT_WORKER_WAIT is how long to wait for one, in seconds.
 *
 * @throws NightshiftError `NoTemporalServer` when none has come by then.
 */
export async function expectWorker(
  { nightshift, local }: Session,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  if (local) return;
  const patience = patienceFrom(process.env['NIGHTSHIFT_WORKER_WAIT']);
  const until = Date.now() + patience;
  for (let first = true; ; first = false) {
    signal.throwIfAborted();
    if ((await nightshift.workers()).length > 0) return;
    const left = until - Date.now();
    if (left <= 0) throw noWorker(nightshift.taskQueue);
    if (first)
      output.say(
        `no worker polls the task queue "${nightshift.taskQueue}"; waiting ${Math.ceil(left / 1_000)} s for one`,
      );
    await delay(Math.min(500, left), undefined, { signal });
  }
}

function patienceFrom(seconds: string | undefined): number {
  const given = Number(seconds);
  return seconds && Number.isFinite(given) && given >= 0 ? given * 1_000 : defaultPatience;
}

function noWorker(taskQueue: string): NightshiftError {
  return new NightshiftError(
    'NoTemporalServer',
    `no worker polls the task queue "${taskQueue}", so nothing would happen`,
    {
      hint: 'start one with `nightshift worker`, or add --local to run one in this process; `nightshift doctor` shows what is there',
      retryable: true,
    },
  );
}
