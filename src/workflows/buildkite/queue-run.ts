import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  ActivityFailure,
  CancellationScope,
  ParentClosePolicy,
  WorkflowIdReusePolicy,
  condition,
  isCancellation,
  sleep,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import type { JobSource, QueueSpec } from '../../domain/buildkite/spec.js';
import type { QueueStatus } from '../../domain/buildkite/result.js';
import type { QueueRequest } from '../../domain/buildkite/input.js';
import type { BuildSetup } from '../../domain/builds/setup.js';
import { ignoreCancellation, messageOf } from '../failure.js';
import { activitiesWith } from './activities.js';
import type { buildkiteJob } from './buildkite-job.js';

/** What a queue takes along when it continues as new. */
export interface CarriedQueue {
  running: string[];
  waiting: string[];
  begun: number;
}

/** How long a queue waits after trouble that trying again at once would not mend. */
const pauseAfterTrouble = '30s';

/** A queue and its slots. */
export class QueueRun {
  private spec: QueueSpec | undefined;
  private request: QueueRequest;
  private readonly running = new Set<string>();
  private readonly waiting: string[];
  private begun: number;
  /** What is wrong with the newest settings: those before them are in force until they are mended. */
  private wrongSettings: string | undefined;
  /** What keeps it from finding jobs. */
  private trouble: string | undefined;
  private isConfigured = true;
  private isStopping = false;
  /** The look for jobs that is under way. */
  private look = new CancellationScope();

  constructor(
    input: unknown,
    private readonly carried: CarriedQueue = { running: [], waiting: [], begun: 0 },
  ) {
    // Checked by the first activity.
    this.request = input as QueueRequest;
    this.waiting = [...carried.waiting];
    this.begun = carried.begun;
  }

  /** Serves the queue; returns what the workflow is to continue with, or nothing when it was stopped. */
  async run(): Promise<[QueueRequest, CarriedQueue] | undefined> {
    for (const jobId of this.carried.running) this.takeUp(jobId);
    while (!this.isStopping) {
      if (workflowInfo().continueAsNewSuggested) return [this.request, this.carry()];
      await this.prepared();
      if (this.isStopping || !this.spec) continue;
      await this.turn(this.spec);
    }
    await this.leave();
    return undefined;
  }

  configure(setup: BuildSetup | undefined): void {
    const { queue } = this.request;
    const request = setup === undefined ? { queue } : { queue, setup };
    // A worker that starts says it again: what is looked for goes on, and the agent that asks.
    const isKnown = setup !== undefined && JSON.stringify(request) === JSON.stringify(this.request);
    if (isKnown && this.spec && this.shownTrouble === undefined) return;
    this.request = request;
    this.isConfigured = true;
    this.look.cancel();
  }

  stop(): void {
    this.isStopping = true;
    this.look.cancel();
  }

  status(): QueueStatus {
    return {
      queue: this.request.queue,
      intake: this.spec?.intake ?? '',
      concurrency: this.spec?.concurrency ?? 0,
      state: this.isStopping ? 'stopping' : this.spec ? 'taking' : 'preparing',
      running: [...this.running],
      waiting: [...this.waiting],
      begun: this.begun,
      ...(this.shownTrouble === undefined ? {} : { trouble: this.shownTrouble }),
    };
  }

  private get shownTrouble(): string | undefined {
    return this.wrongSettings ?? this.trouble;
  }

  /** One turn: fills the free slots, and looks for more until something changes. */
  private async turn(spec: QueueSpec): Promise<void> {
    while (this.waiting.length > 0 && this.free(spec) > 0) {
      const [jobId = ''] = this.waiting.splice(0, 1);
      await this.begin(spec, jobId, { kind: 'reserved' });
    }
    this.look = new CancellationScope();
    if (this.isStopping || this.isConfigured) return;
    try {
      if (spec.intake === 'agent') await this.askAsAgent(spec);
      else await this.askAsStack(spec);
      this.trouble = undefined;
    } catch (error) {
      if (isCancellation(error)) return;
      this.trouble = messageOf(error);
      // Trouble of a kind that retries did not mend: a token that is refused, say.
      await this.untilCancelled(pauseAfterTrouble);
    }
  }

  /** An agent asks only while there is a slot for what it would be given. */
  private async askAsAgent(spec: QueueSpec): Promise<void> {
    await this.look.run(() => condition(() => this.free(spec) > 0));
    const { intake } = activitiesWith(spec.place.pace);
    const { jobId, ...handed } = await this.look.run(() => intake.awaitDispatch({ queue: spec }));
    await this.begin(spec, jobId, { kind: 'dispatched', ...handed });
  }

  private async askAsStack(spec: QueueSpec): Promise<void> {
    const { intake } = activitiesWith(spec.place.pace);
    const request = { queue: spec, waiting: [...this.waiting], free: this.free(spec) };
    const { found, gone } = await this.look.run(() => intake.awaitScheduled(request));
    for (const jobId of gone) this.forget(jobId);
    this.waiting.push(...found.filter((jobId) => !this.waiting.includes(jobId)));
  }

  /** Starts a job's workflow, at most once whoever else has found the job. */
  private async begin(spec: QueueSpec, jobId: string, source: JobSource): Promise<void> {
    try {
      const handle = await startChild<typeof buildkiteJob>('buildkiteJob', {
        workflowId: jobWorkflowId(jobId),
        args: [{ jobId, spec: { jobId, queue: spec, source } }],
        parentClosePolicy: ParentClosePolicy.ABANDON,
        // One that could not take it has failed, and may be followed by one that can.
        workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
      });
      this.begun += 1;
      this.occupy(jobId, handle.result());
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      // It was found in another way, by hand say, and has no slot here. The agent that was handed it is not needed.
      if (source.kind === 'dispatched') await this.dismiss(spec, jobId, source.session);
    }
  }

  private async dismiss(queue: QueueSpec, jobId: string, session: string): Promise<void> {
    const { end } = activitiesWith(queue.place.pace);
    await end.disconnectAgent({ queue, jobId, session }).catch(() => undefined);
  }

  /** A job that was begun before the workflow continued as new. */
  private takeUp(jobId: string): void {
    const { wait } = activitiesWith();
    this.occupy(jobId, wait.awaitTargetFree({ workflowId: jobWorkflowId(jobId) }));
  }

  private occupy(jobId: string, over: Promise<unknown>): void {
    this.running.add(jobId);
    const free = () => {
      this.running.delete(jobId);
      // What waits for a slot has one now, and there is room for another reservation.
      if (this.spec?.intake === 'stacks') this.look.cancel();
    };
    over.then(free, free);
  }

  private free({ concurrency }: QueueSpec): number {
    return concurrency - this.running.size;
  }

  private forget(jobId: string): void {
    const index = this.waiting.indexOf(jobId);
    if (index >= 0) this.waiting.splice(index, 1);
  }

  /** Reads the settings when they are new. What was good before stays until then. */
  private async prepared(): Promise<void> {
    if (!this.isConfigured) return;
    this.isConfigured = false;
    try {
      this.spec = await activitiesWith().prepare.prepareQueue(this.request);
      this.wrongSettings = undefined;
      this.trouble = undefined;
    } catch (error) {
      if (!(error instanceof ActivityFailure)) throw error;
      // A schema's word on the settings fails nothing that runs: it waits to be mended.
      this.wrongSettings = messageOf(error);
      this.look = new CancellationScope();
      if (!this.spec) await this.untilCancelled('1h');
    }
  }

  private async untilCancelled(longest: '30s' | '1h'): Promise<void> {
    await this.look.run(() => sleep(longest)).catch(ignoreCancellation);
  }

  private async leave(): Promise<void> {
    const { spec } = this;
    if (spec?.intake !== 'stacks') return;
    const { leave } = activitiesWith(spec.place.pace);
    await leave.leaveStack({ queue: spec }).catch(() => undefined);
  }

  private carry(): CarriedQueue {
    return { running: [...this.running], waiting: [...this.waiting], begun: this.begun };
  }
}

function jobWorkflowId(jobId: string): string {
  return `buildkite-job/${jobId}`;
}
