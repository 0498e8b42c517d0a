import type { Timeline } from '../core/timeline.js';
import { matches, type Agent } from './agent.js';
import type { Job, JobEnd, JobState } from './job.js';
import { BuildkiteRefusal, unprocessable } from './refusal.js';
import type { BuildkiteSettings } from './settings.js';

export interface LifecycleOptions {
  settings: BuildkiteSettings;
  timeline: Timeline;
  /** Makes the job that runs this one again. */
  retry: (job: Job, now: number) => Job;
}

type FinishOfAgent = Omit<JobEnd, 'by' | 'bytes' | 'finishedAt'> & {
  finishedAt?: string | undefined;
};

/** What can happen to a job, from its first state to its last. Times are sandbox time in ms since the epoch. */
export class Lifecycle {
  constructor(private readonly options: LifecycleOptions) {}

  /** A ping gives the job to an agent, which has to accept it in time. */
  assign(job: Job, agent: Agent, now: number): void {
    const { settings, timeline } = this.options;
    this.give(job, agent, 'assigned');
    const until = now + settings.acceptWithinSeconds * 1000;
    job.assignedUntil = until;
    timeline.at(until, () => {
      if (job.state === 'assigned' && job.assignedUntil === until) this.takeBack(job);
    });
  }

  /** Whether a ping of this agent may be given this job. */
  isFor(job: Job, agent: Agent): boolean {
    return job.state === 'scheduled' && matches(agent, job.queryRules);
  }

  /** An agent asks for this very job. Asked again by the same agent before it starts, it says the same. */
  acquire(job: Job, agent: Agent, backoff: number): boolean {
    job.backoffSequences.push(backoff);
    if (job.state === 'accepted' && job.agent === agent) return false;
    if (job.state === 'limited')
      throw new BuildkiteRefusal(423, `Job ${job.uuid} is not yet eligible to be assigned`, {
        headers: { 'Retry-After': String(Math.min(60, 2 ** backoff)) },
      });
    if (job.state !== 'scheduled' && job.state !== 'reserved')
      throw unprocessable(`Job ${job.uuid} can't be acquired: it is ${job.state}`);
    if (agent.job) throw unprocessable(`Agent ${agent.name} has job ${agent.job.uuid} already`);
    this.give(job, agent, 'accepted');
    return true;
  }

  accept(job: Job): void {
    this.expect(job, 'accepted', 'assigned');
    job.state = 'accepted';
  }

  start(job: Job, startedAt: string, now: number): void {
    this.expect(job, 'started', 'accepted');
    job.state = 'running';
    job.startedAt = startedAt;
    const { timeoutSeconds } = job.spec;
    if (timeoutSeconds === undefined) return;
    this.options.timeline.at(now + timeoutSeconds * 1000, () => {
      if (job.state === 'running') job.state = 'timing_out';
    });
  }

  /** Its agent says that it has ended. */
  finish(job: Job, end: FinishOfAgent, now: number): void {
    this.expect(job, 'finished', 'running', 'canceling', 'timing_out');
    const finishedAt = end.finishedAt ?? new Date(now).toISOString();
    this.close(job, { ...end, by: 'agent', finishedAt, bytes: job.log.bytes }, now);
  }

  /** A stack says that it won't run it, or has without an agent. */
  finishByStack(job: Job, stack: string, exitStatus: number, detail: string, now: number): void {
    this.expect(job, 'finished by a stack', 'scheduled', 'reserved');
    if (job.reservation && job.reservation.stack !== stack)
      throw unprocessable(`Job ${job.uuid} is reserved by another stack`);
    this.close(
      job,
      {
        by: 'stack',
        exitStatus: String(exitStatus),
        ...(exitStatus === 0 ? {} : { signalReason: 'stack_error' }),
        detail,
        finishedAt: new Date(now).toISOString(),
        bytes: job.log.bytes,
      },
      now,
    );
  }

  /** For a stack: reserves the job or extends its reservation, and says whether the stack has it now. */
  reserve(job: Job, stack: string, until: number): boolean {
    const isOwn = job.state === 'reserved' && job.reservation?.stack === stack;
    if (job.state !== 'scheduled' && !isOwn) return false;
    job.state = 'reserved';
    const reservation = { stack, until };
    job.reservation = reservation;
    this.options.timeline.at(until, () => {
      if (job.state === 'reserved' && job.reservation === reservation) this.takeBack(job);
    });
    return true;
  }

  /** A person cancels it: once asks its agent to stop, twice doesn't wait for it. */
  cancel(job: Job, now: number): void {
    this.stop(job, 'canceling', 'canceled', now);
  }

  /** As when its time is up; twice doesn't wait for its agent. */
  timeOut(job: Job, now: number): void {
    this.stop(job, 'timing_out', 'timed_out', now);
  }

  /** It waits for others (true), or no longer. Says whether it could be done. */
  lock(job: Job, locked: boolean): boolean {
    if (job.state === (locked ? 'limited' : 'scheduled')) return true;
    if (!(locked ? ['scheduled', 'reserved'] : ['limited']).includes(job.state)) return false;
    job.reservation = undefined;
    job.state = locked ? 'limited' : 'scheduled';
    return true;
  }

  /** Its agent has gone without finishing it. One that was not accepted goes back; any other has ended. */
  abandon(job: Job, now: number): void {
    if (job.hasEnded) return;
    if (job.state === 'assigned') return this.takeBack(job);
    const finishedAt = new Date(now).toISOString();
    // "-1: Buildkite lost contact with the agent or it stopped reporting to us" (docs, Agent lifecycle)
    this.close(job, { by: 'buildkite', exitStatus: '-1', finishedAt, bytes: job.log.bytes }, now);
  }

  private stop(job: Job, asked: JobState, ended: 'canceled' | 'timed_out', now: number): void {
    if (job.hasEnded) throw unprocessable(`Job ${job.uuid} has ended: it is ${job.state}`);
    const isAsked = job.state === 'accepted' || job.state === 'running';
    if (isAsked) {
      job.state = asked;
      return;
    }
    const finishedAt = new Date(now).toISOString();
    this.close(job, { by: 'buildkite', finishedAt, bytes: job.log.bytes }, now, ended);
  }

  private give(job: Job, agent: Agent, state: JobState): void {
    job.state = state;
    job.agent = agent;
    agent.job = job;
    job.reservation = undefined;
  }

  private takeBack(job: Job): void {
    if (job.agent) job.agent.job = undefined;
    job.agent = undefined;
    job.reservation = undefined;
    job.state = 'scheduled';
  }

  private close(job: Job, end: JobEnd, now: number, state: JobState = endOf(job.state)): void {
    job.state = state;
    job.end = end;
    job.endedAt = now;
    job.reservation = undefined;
    if (job.agent?.job === job) job.agent.job = undefined;
    const runsAgain = state === 'finished' && end.exitStatus === '-1' && job.spec.retries > 0;
    if (runsAgain) job.retriedBy = this.options.retry(job, now);
  }

  private expect(job: Job, what: string, ...states: JobState[]): void {
    if (!states.includes(job.state))
      throw unprocessable(`Job ${job.uuid} can't be ${what}: it is ${job.state}`);
  }
}

/** What a job becomes that is finished in this state. */
function endOf(state: JobState): JobState {
  if (state === 'canceling') return 'canceled';
  return state === 'timing_out' ? 'timed_out' : 'finished';
}
