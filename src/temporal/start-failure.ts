import { NightshiftError } from '../domain/errors.js';
import { answered, localDeadlineMs, probe } from './probe.js';
import { ServerDied } from './server-process.js';
import { databasePath } from './state-dir.js';
import { defaultNamespace, localTarget } from './target.js';
import { noTemporalServer } from './ways-out.js';

/** Whether a start failed on a port that somebody else took first. */
export function portTaken(error: unknown): boolean {
  return (
    error instanceof ServerDied && /address already in use|can't set|EADDRINUSE/i.test(error.output)
  );
}

/** The error for a port that was asked for and is taken. */
export async function occupied(port: number): Promise<NightshiftError> {
  const address = `127.0.0.1:${port}`;
  const result = await probe(localTarget(address, defaultNamespace), localDeadlineMs);
  const what = answered(result) ? 'another Temporal server' : 'something that is not Temporal';
  return new NightshiftError(
    'NoTemporalServer',
    `Can't start the embedded server on ${address}: ${what} listens there`,
    { hint: 'Choose another port, or stop what listens there.' },
  );
}

/** What the server says when its database is not, or no longer, one. */
const brokenDatabase = /not a database|malformed|no such table|disk I\/O error|no such column/i;
const lockedDatabase = /database is locked|SQLITE_BUSY/i;

/** The error of a start that failed, as its reader needs it. */
export function explain(error: unknown, stateDir: string): unknown {
  if (!(error instanceof ServerDied)) return error;
  const database = databasePath(stateDir);
  if (brokenDatabase.test(error.output)) {
    return new NightshiftError('NoTemporalServer', `${database} is damaged: ${error.output}`, {
      hint: `Move it away, with ${database}-wal and ${database}-shm, to start afresh; it holds the history of local runs.`,
      cause: error,
    });
  }
  if (lockedDatabase.test(error.output)) {
    return new NightshiftError('NoTemporalServer', `${database} is in use by another process`, {
      hint: 'Stop the process that uses it, then try again.',
      retryable: true,
      cause: error,
    });
  }
  return noTemporalServer(`The embedded server ended at its start: ${error.output}`, error);
}
