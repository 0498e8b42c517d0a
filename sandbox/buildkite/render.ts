import type { Job } from './job.js';
import type { BuildkiteSettings } from './settings.js';
import { environmentOf } from './environment.js';

/** A job as agents get it; the names are those of the open source agent's `api.Job`. */
export function renderJob(job: Job, settings: BuildkiteSettings, endpoint: string): unknown {
  const { end, spec } = job;
  return {
    id: job.uuid,
    endpoint,
    state: job.state,
    env: environmentOf(job),
    step: { command: spec.command, ...(spec.label === undefined ? {} : { label: spec.label }) },
    chunks_max_size_bytes: settings.chunkBytes,
    chunks_interval_seconds: settings.chunksIntervalSeconds,
    log_max_size_bytes: settings.logMaxBytes,
    ...(settings.jobTokens ? { token: job.token } : {}),
    exit_status: end?.exitStatus,
    signal: end?.signal,
    signal_reason: end?.signalReason,
    started_at: job.startedAt,
    finished_at: end?.finishedAt,
    runnable_at: new Date(job.scheduledAt).toISOString(),
    chunks_failed_count: end?.chunksFailedCount,
  };
}

/** The agent API's address, as this caller reaches it. */
export function endpointOf(headers: Readonly<Record<string, string>>): string {
  return `http://${headers['host'] ?? 'localhost'}/v3`;
}
