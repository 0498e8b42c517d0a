/** States of jobs, bridges and pipelines. */
export const ciStatuses = [
  'created',
  'pending',
  'running',
  'success',
  'failed',
  'canceled',
  'skipped',
  'manual',
] as const;
export type CiStatus = (typeof ciStatuses)[number];

const terminal: ReadonlySet<CiStatus> = new Set(['success', 'failed', 'canceled', 'skipped']);

export function isTerminal(status: CiStatus): boolean {
  return terminal.has(status);
}

interface Part {
  status: CiStatus;
  allowFailure: boolean;
}

/** What a part counts as: a failure that is allowed is a success, a manual job that is optional is none. */
function weightOf({ status, allowFailure }: Part): CiStatus {
  if (!allowFailure) return status;
  if (status === 'failed' || status === 'canceled') return 'success';
  return status === 'manual' ? 'skipped' : status;
}

/** The status of a pipeline by those of its jobs (lib/gitlab/ci/status/composite.rb). */
export function compositeOf(parts: readonly Part[]): CiStatus {
  const present = new Set(parts.map(weightOf));
  const only = (...allowed: CiStatus[]) => [...present].every((status) => allowed.includes(status));
  if (only('skipped')) return 'skipped';
  if (only('success', 'skipped')) return 'success';
  if (only('created')) return 'created';
  if (only('canceled', 'success', 'skipped')) return 'canceled';
  if (only('pending', 'created', 'skipped')) return 'pending';
  if (present.has('running') || present.has('pending')) return 'running';
  if (present.has('manual')) return 'manual';
  return present.has('created') ? 'running' : 'failed';
}
