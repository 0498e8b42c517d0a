import { ApplicationFailureCategory } from '@temporalio/common';
import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  ChildWorkflowCancellationType,
  ChildWorkflowFailure,
  ParentClosePolicy,
  executeChild,
  isCancellation,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { JobCall } from '../../activities/buildkite/attend-job.js';
import type { OurJob } from '../../activities/buildkite/index.js';
import {
  cancelledEnd,
  endOfBuild,
  isTold,
  lostEnd,
  notStartedEnd,
} from '../../domain/buildkite/job-end.js';
import type { JobSink } from '../../domain/buildkite/job-sink.js';
import type {
  JobEnd,
  JobLog,
  JobPhase,
  JobResult,
  JobStanding,
} from '../../domain/buildkite/result.js';
import { type JobSpec, type TakenJob, sealedFor } from '../../domain/buildkite/spec.js';
import type { BuildResult, LogPosition } from '../../domain/builds/result.js';
import type { BuildSpec } from '../../domain/builds/spec.js';
import { messageOf, unwrapped } from '../failure.js';
import type { codebuildBuild } from '../builds/codebuild-build.js';
import { activitiesWith } from './activities.js';

/** How a job went, before Buildkite is told. */
interface Outcome {
  end: JobEnd;
  outcome: JobResult['outcome'];
  build?: BuildResult;
  /** To be said in the job's log, where that doesn't tell it. */
  reason?: string;
}

/** How often, and how far apart, a job that is run by hand is asked for. */
const triesByHand = 10;
const pauseByHand = '1s';

/** One job, from the agent's registration to its farewell. */
export class JobRun {
  private phase: JobPhase = 'preparing';
  private since = new Date().toISOString();
  private spec: JobSpec | undefined;
  private sink: JobSink | undefined;
  private log: JobLog = { bytes: 0, chunks: 0, lost: 0 };
  /** Why the job is not to go on. */
  private call: JobCall | { kind: 'stopped' } | undefined;
  /** All that is given up then. */
  private readonly work = new CancellationScope();

  constructor(private readonly input: unknown) {}

  async run(): Promise<JobResult> {
    const spec = await unwrapped(activitiesWith().prepare.prepareJob(this.input));
    this.spec = spec;
    this.enter('taking');
    const session = await this.agentFor(spec);
    try {
      const taken = await this.take(spec, session);
      return await this.attended(spec, taken);
    } finally {
      const { end } = this.activities(spec);
      await end.disconnectAgent(ourJob(spec, session)).catch(() => undefined);
      this.enter('done');
    }
  }

  stop(): void {
    this.heed({ kind: 'stopped' });
  }

  /** The job is not to go on. */
  heed(call: JobCall | { kind: 'stopped' }): void {
    this.call ??= call;
    this.work.cancel();
  }

  standing(): JobStanding {
    return {
      jobId: this.spec?.jobId ?? '',
      phase: this.phase,
      since: this.since,
      ...(this.spec ? { queue: this.spec.queue.queue, place: this.spec.queue.place } : {}),
      ...(this.sink ? { sink: this.sink } : {}),
    };
  }

  private async agentFor(spec: JobSpec): Promise<string> {
    if (spec.source.kind === 'dispatched') return spec.source.session;
    try {
      return await unwrapped(this.activities(spec).take.registerAgent(spec));
    } catch (error) {
      await this.giveBack(spec, error);
      throw error;
    }
  }

  private async take(spec: JobSpec, session: string): Promise<TakenJob> {
    for (let tries = 1; ; tries += 1) {
      const taken = await this.tryToTake(spec, session);
      if (taken) return taken;
      // The agent that asks for its queue may have been handed it just now, and gives it back on finding us.
      if (spec.source.kind !== 'named' || tries === triesByHand) break;
      await sleep(pauseByHand);
    }
    throw ApplicationFailure.create({
      type: 'JobTaken',
      message: `job ${spec.jobId} is another agent’s, or over`,
      nonRetryable: true,
      category: ApplicationFailureCategory.BENIGN,
    });
  }

  private async tryToTake(spec: JobSpec, session: string): Promise<TakenJob | null> {
    const { source } = spec;
    const handed = source.kind === 'dispatched' ? source.job : undefined;
    const request = { ...ourJob(spec, session), ...(handed === undefined ? {} : { handed }) };
    try {
      return await unwrapped(this.activities(spec).take.takeJob(request));
    } catch (error) {
      await this.giveBack(spec, error);
      throw error;
    }
  }

  /** A reserved job that no agent of ours can take ends with a reason, rather than wait for nobody. */
  private async giveBack({ queue, jobId, source }: JobSpec, error: unknown): Promise<void> {
    if (source.kind !== 'reserved') return;
    const detail = `Nightshift could not take the job: ${messageOf(error)}`;
    const { end } = activitiesWith(queue.place.pace);
    await end.failReservedJob({ queue, jobId, detail }).catch(() => undefined);
  }

  /** Does the work while signs of life are given and the job's state is watched. */
  private async attended(spec: JobSpec, taken: TakenJob): Promise<JobResult> {
    const ours = ourJob(spec, taken.session);
    this.sink = {
      jobId: spec.jobId,
      endpoint: spec.queue.endpoint,
      session: taken.session,
      chunkBytes: taken.chunkBytes,
      logMaxBytes: taken.logMaxBytes,
    };
    const attending = new CancellationScope();
    const attended = attending
      .run(() => this.activities(spec).attend.attendJob(ours))
      .then((call) => this.heed(call))
      // What can't be watched goes on: its own end is told in any case.
      .catch(() => undefined);
    try {
      this.enter('running');
      const outcome = await this.carryOut(spec, taken);
      this.enter('finishing');
      return await this.finish(spec, taken, outcome);
    } finally {
      attending.cancel();
      await attended;
    }
  }

  private async carryOut(spec: JobSpec, taken: TakenJob): Promise<Outcome> {
    const ours = ourJob(spec, taken.session);
    const { take, end, tell } = this.activities(spec);
    try {
      const begun = await this.work.run(() => take.startJob(ours));
      if (begun === 'cancelled') return { end: cancelledEnd, outcome: 'cancelled' };
      if (taken.problems.length > 0)
        return { end: notStartedEnd, outcome: 'finished', reason: taken.problems.join('\n') };
      await this.work.run(() => take.keepJobToken(ours));
      const telling = new CancellationScope();
      void telling
        .run(() => tell.announceBuild({ ...ours, workflowId: this.buildWorkflowId }))
        .catch(() => undefined);
      try {
        return this.outcomeOf(await this.build(spec, taken));
      } finally {
        telling.cancel();
      }
    } catch (error) {
      return this.notBuilt(error);
    } finally {
      await end.dropJobToken(ours).catch(() => undefined);
    }
  }

  /** The build of the job: stopped when the job is, and drained. */
  private build(spec: JobSpec, taken: TakenJob): Promise<BuildResult> {
    const { sink } = this;
    const build: BuildSpec = {
      ...spec.queue.place,
      project: taken.project,
      overrides: taken.overrides,
      sealedEnv: { sealed: taken.env, context: sealedFor.env(spec.jobId) },
      sinks: sink ? [{ buildkite: sink }] : [],
      retry: spec.queue.retry,
    };
    return this.work.run(() =>
      executeChild<typeof codebuildBuild>('codebuildBuild', {
        workflowId: this.buildWorkflowId,
        args: [{ spec: build }],
        parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
        cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
      }),
    );
  }

  private outcomeOf(build: BuildResult): Outcome {
    this.log = jobLog(build.log);
    if (this.call?.kind === 'lost')
      return { end: lostEnd, outcome: 'lost', build, reason: this.call.message };
    if (this.call?.kind === 'cancel') return { end: cancelledEnd, outcome: 'cancelled', build };
    const end = endOfBuild(build);
    if (isTold(build)) return { end, outcome: 'finished', build };
    const reason = build.reason ?? `the build ended as ${build.status}`;
    return { end, outcome: 'finished', build, reason };
  }

  /** No build has come to an end. */
  private notBuilt(error: unknown): Outcome {
    const failure = error instanceof ChildWorkflowFailure ? error.cause : error;
    const position = failure instanceof ApplicationFailure ? failure.details?.[1] : undefined;
    if (position !== undefined) this.log = jobLog(position as LogPosition);
    if (this.call?.kind === 'cancel') return { end: cancelledEnd, outcome: 'cancelled' };
    if (this.call?.kind === 'lost')
      return { end: lostEnd, outcome: 'lost', reason: this.call.message };
    if (this.call)
      return {
        end: { ...lostEnd, signal: 'SIGTERM' },
        outcome: 'finished',
        reason: 'the job’s workflow was cancelled',
      };
    if (isCancellation(error)) return { end: lostEnd, outcome: 'finished' };
    const cause = failure instanceof ActivityFailure ? failure.cause : failure;
    return { end: notStartedEnd, outcome: 'finished', reason: messageOf(cause) };
  }

  /** Tells Buildkite how the job went: the whole log first, as none is taken after the end. */
  private async finish(spec: JobSpec, taken: TakenJob, outcome: Outcome): Promise<JobResult> {
    const { end } = this.activities(spec);
    const { sink } = this;
    if (sink && outcome.reason !== undefined && outcome.outcome === 'finished') {
      const text = inLog(outcome);
      const request = { sink, pace: spec.queue.place.pace, log: this.log, text };
      // A line that can't be said is no reason to leave the job unfinished.
      this.log = await end.writeJobLog(request).catch(() => this.log);
    }
    const request = { ...ourJob(spec, taken.session), end: outcome.end, lost: this.log.lost };
    const told = await unwrapped(end.finishJob(request));
    return this.result(spec, outcome, told === 'refused' && outcome.outcome === 'finished');
  }

  private result(
    spec: JobSpec,
    { end, outcome, build, reason }: Outcome,
    isLost: boolean,
  ): JobResult {
    return {
      jobId: spec.jobId,
      queue: spec.queue.queue,
      outcome: isLost ? 'lost' : outcome,
      ...end,
      log: this.log,
      ...(reason === undefined ? {} : { reason }),
      ...(build
        ? { build: { buildId: build.buildId, status: build.status, links: build.links } }
        : {}),
    };
  }

  private activities({ queue }: JobSpec) {
    return activitiesWith(queue.place.pace);
  }

  private get buildWorkflowId(): string {
    return `${workflowInfo().workflowId}/build`;
  }

  private enter(phase: JobPhase): void {
    this.phase = phase;
    this.since = new Date().toISOString();
  }
}

function ourJob({ queue, jobId }: JobSpec, session: string): OurJob {
  return { queue, jobId, session };
}

function jobLog({ bytes = 0, parts = 0, lost = 0 }: Partial<LogPosition>): JobLog {
  return { bytes, chunks: parts, lost };
}

/** Lines of our own, in red, in a group that is open. */
function inLog({ reason = '', build }: Outcome): string {
  const what = build ? 'the build did not come to its end' : 'no build was run';
  const lines = reason.split('\n').map((line) => `\u001b[31m${line}\u001b[0m\n`);
  return `+++ Nightshift: ${what}\n${lines.join('')}`;
}
