import type { Job, Pipeline } from './pipeline.js';

/** The log of a job as far as it is written by `now`: it grows while the job runs. */
export function traceOf(pipeline: Pipeline, job: Job, now: number): string {
  if (job.startedAt === undefined) return '';
  const until = Math.min(now, job.finishedAt ?? now);
  const share = job.spec.seconds === 0 ? 1 : (until - job.startedAt) / (job.spec.seconds * 1000);
  const lines = bodyOf(pipeline, job);
  const written = lines.slice(0, Math.floor(Math.min(1, share) * lines.length + 1e-9));
  const isOver = job.finishedAt !== undefined && job.finishedAt <= now;
  return ['Running with gitlab-runner (sandbox)', ...written, ...(isOver ? job.lastLines : [])]
    .map((line) => `${line}\n`)
    .join('');
}

function bodyOf(pipeline: Pipeline, { spec }: Job): string[] {
  const counted = Array.from(
    { length: spec.logLines },
    (_, index) => `${spec.name}: line ${index + 1} of ${spec.logLines}`,
  );
  return [...counted, ...spec.log.map((line) => pipeline.expand(line))];
}
