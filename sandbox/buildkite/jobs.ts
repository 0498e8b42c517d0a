import { createHash, randomBytes } from 'node:crypto';
import { Job } from './job.js';
import type { BuildkiteJobSpec } from './settings.js';

/** All jobs there ever were, in the order in which they were created. */
export class Jobs {
  private readonly byUuid = new Map<string, Job>();

  constructor(private readonly seed: number) {}

  create(spec: BuildkiteJobSpec, now: number, retryCount = 0): Job {
    const order = this.byUuid.size;
    const uuid = spec.uuid?.toLowerCase() ?? madeUp(`${this.seed}/${order}`);
    const token = `bkjt_${randomBytes(18).toString('base64url')}`;
    const job = new Job(uuid, order, spec, token, now, retryCount);
    this.byUuid.set(uuid, job);
    return job;
  }

  /** The same job again, as a new one. */
  again(job: Job, now: number): Job {
    const spec = { ...job.spec, uuid: undefined, retries: job.spec.retries - 1 };
    return this.create(spec, now, job.retryCount + 1);
  }

  find(uuid: string): Job | undefined {
    return this.byUuid.get(uuid.toLowerCase());
  }

  all(): Iterable<Job> {
    return this.byUuid.values();
  }

  /** The first job that this says yes to: by priority, then oldest first. */
  next(isWanted: (job: Job) => boolean): Job | undefined {
    let best: Job | undefined;
    for (const job of this.byUuid.values())
      if (isWanted(job) && (!best || job.spec.priority > best.spec.priority)) best = job;
    return best;
  }
}

function madeUp(from: string): string {
  const hex = createHash('sha256').update(from).digest('hex');
  const variant = ((parseInt(hex.slice(16, 17), 16) & 3) | 8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ].join('-');
}
