/** How a job has ended. */
export interface JobFinish {
  /** Of the command; -1 where there is none. */
  exitStatus: number;
  /** As `SIGTERM`. */
  signal?: string;
  /** As `cancel`, `process_run_error`, `agent_stop`. */
  signalReason?: string;
  finishedAt: Date;
  /** Chunks of log that could not be uploaded; 0 unless given. */
  chunksFailed?: number;
}

export function finishBody(finish: JobFinish) {
  const { exitStatus, signal, signalReason, finishedAt, chunksFailed = 0 } = finish;
  if (!Number.isInteger(exitStatus)) {
    throw new RangeError(`an exit status is a whole number, not ${exitStatus}`);
  }
  return {
    // Buildkite wants text, and keeps a job that was finished with anything else running.
    exit_status: String(exitStatus),
    ...(signal === undefined ? {} : { signal }),
    ...(signalReason === undefined ? {} : { signal_reason: signalReason }),
    finished_at: finishedAt.toISOString(),
    chunks_failed_count: chunksFailed,
  };
}
