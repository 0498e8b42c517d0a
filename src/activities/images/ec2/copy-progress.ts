import { Context } from '@temporalio/activity';
import { z } from 'zod';

const copyProgressSchema = z.object({
  /** Copies of this image into this region that have failed: each further one is a new try, with a token of its own. */
  failed: z.number().int().min(0),
  /** When the try that goes on was begun; milliseconds since the epoch. */
  since: z.number().optional(),
});
type CopyState = z.infer<typeof copyProgressSchema>;

const longestBeat = 5_000;

/**
 * How far a copy is, in the heartbeats of its activity. It only saves time: who goes on without it finds the copy by its
 * tags, or finds out that the one that a token leads to has failed.
 */
export class CopyProgress {
  private readonly context = Context.current();
  private readonly timer: NodeJS.Timeout;
  private state: CopyState;

  constructor() {
    const { info } = this.context;
    this.state = copyProgressSchema.safeParse(info.heartbeatDetails).data ?? { failed: 0 };
    const every = Math.min(longestBeat, (info.heartbeatTimeoutMs ?? Infinity) / 3);
    this.timer = setInterval(() => this.beat(), every);
  }

  get failed(): number {
    return this.state.failed;
  }

  /** Since when the try that goes on is; it begins when this is asked first. Milliseconds since the epoch. */
  since(): number {
    if (this.state.since !== undefined) return this.state.since;
    const since = Date.now();
    this.state = { ...this.state, since };
    this.beat();
    return since;
  }

  /** So many copies more have failed: what comes is another try. */
  fail(copies: number): void {
    this.state = { failed: this.failed + copies };
    this.beat();
  }

  close(): void {
    clearInterval(this.timer);
  }

  private beat(): void {
    this.context.heartbeat(this.state);
  }
}
