import {
  ApplicationFailure,
  CancellationScope,
  condition,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import { exitStatusOf, reasonOf } from '../../domain/builds/exit-status.js';
import { type FollowOutcome, followStart, inNextBuild } from '../../domain/builds/follow.js';
import { consoleLink } from '../../domain/builds/links.js';
import type { BuildBegun } from '../../domain/builds/messages.js';
import type {
  BuildProgress,
  BuildResult,
  BuildSnapshot,
  EarlierBuild,
  EndedStatus,
} from '../../domain/builds/result.js';
import { infrastructureFailure, retryDelay } from '../../domain/builds/retry.js';
import type { BuildSpec, BuildStart } from '../../domain/builds/spec.js';
import { startToken } from '../../domain/builds/token.js';
import { parseDuration } from '../../domain/duration.js';
import { activitiesWith } from './activities.js';
import { causeOf, ignoreCancellation, isRefusal, messageOf, unwrapped } from '../failure.js';
import { lastState, withPosition } from './log-position.js';

/** One build for one workflow, and those that had to be started in its place. */
export class BuildRun {
  private phase: BuildProgress['phase'] = 'preparing';
  private spec: BuildSpec | undefined;
  private readonly begun: BuildBegun[] = [];
  private readonly earlier: EarlierBuild[] = [];
  private state = followStart;
  private stopReason: string | undefined;
  /** All that is given up when the build is to be stopped. */
  private readonly stoppable = new CancellationScope();

  constructor(private readonly input: unknown) {}

  async run(): Promise<BuildResult> {
    try {
      this.spec = await unwrapped(activitiesWith().look.prepareBuild(this.input));
      const build = await this.untilItEnds(this.spec);
      return this.result(build);
    } catch (error) {
      throw withPosition(error, this.state.position);
    } finally {
      this.phase = 'done';
    }
  }

  /** Builds until one ends by its own fault or merit. */
  private async untilItEnds(spec: BuildSpec): Promise<BuildSnapshot> {
    for (let made = 1; ; made += 1) {
      this.phase = 'starting';
      const begun = await this.start(spec, made);
      this.phase = this.stopReason === undefined ? 'running' : 'stopping';
      const build = await this.followChain(spec, begun.buildId);
      const status = endOf(build);
      const reason = infrastructureFailure(status, build.phases);
      if (reason === undefined || this.stopReason !== undefined || made >= spec.retry.attempts)
        return build;
      const firstDelay = parseDuration(spec.retry.delay);
      await this.unlessStopped(() => sleep(retryDelay({ firstDelay, made })));
      if (this.stopReason !== undefined) return build;
      this.startedAnew(build, status, reason);
    }
  }

  /** Starts a build, or finds it where its start failed or was given up: nobody else would stop it. */
  private async start(spec: BuildSpec, made: number): Promise<BuildBegun> {
    const { workflowId, firstExecutionRunId } = workflowInfo();
    const token = startToken(workflowId, firstExecutionRunId, made);
    const start: BuildStart = { workflowId, token };
    const since = Date.now();
    const { start: starting, look } = activitiesWith(spec.pace);
    try {
      return this.begin(spec, await this.stoppable.run(() => starting.startBuild({ spec, start })));
    } catch (error) {
      const isStopped = this.stopReason !== undefined;
      if (!isStopped && isRefusal(error)) throw causeOf(error);
      const found = await look.findBuild({ spec, start, since }).catch((failure: unknown) => {
        throw causeOf(isStopped ? failure : error);
      });
      if (found) return this.begin(spec, found);
      if (!isStopped) throw causeOf(error);
      throw ApplicationFailure.nonRetryable(
        `stopped before CodeBuild had taken the build: ${this.stopReason ?? ''}`,
        'BuildStopped',
      );
    }
  }

  private begin(spec: BuildSpec, { buildId, arn }: { buildId: string; arn: string }): BuildBegun {
    const { target, access, pace, builds, project } = spec;
    const begun: BuildBegun = {
      buildId,
      arn,
      project,
      links: { console: consoleLink(target, buildId, arn) },
      place: { target, access, pace, builds },
    };
    this.begun.push(begun);
    return begun;
  }

  /** A build that failed may have been started again by CodeBuild itself: the last of them is what counts. */
  private async followChain(spec: BuildSpec, buildId: string): Promise<BuildSnapshot> {
    for (let id = buildId; ;) {
      const build = await this.follow(spec, id);
      const next = build.nextAutoRetry;
      if (next === undefined || next === '') return build;
      const status = endOf(build);
      this.startedAnew(build, status, 'CodeBuild retried it');
      const nextId = next.slice(next.indexOf(':build/') < 0 ? 0 : next.indexOf(':build/') + 7);
      this.begin(spec, { buildId: nextId, arn: build.arn.replace(build.buildId, nextId) });
      id = nextId;
    }
  }

  /** Follows a build to its end; stops it when that is asked for, or when it can't be followed. */
  private async follow(spec: BuildSpec, buildId: string): Promise<BuildSnapshot> {
    const { follow, stop } = activitiesWith(spec.pace);
    const one = { place: placeOf(spec), buildId };
    const bytesBefore = this.state.position.bytes;
    const followed = () =>
      follow.followBuild({ ...one, sinks: spec.sinks, from: this.state, bytesBefore });
    let stopped: Promise<void> | undefined;
    const stopOnce = () => (stopped ??= stop.stopBuild(one));
    let outcome: FollowOutcome;
    try {
      outcome = await this.untilStopped(followed, stopOnce);
    } catch (error) {
      const isAsked = this.stopReason !== undefined;
      this.state = lastState(error) ?? this.state;
      this.stopReason ??= `it could not be followed: ${messageOf(error)}`;
      this.phase = 'stopping';
      await stopOnce().catch((failure: unknown) => {
        throw causeOf(isAsked ? failure : error);
      });
      outcome = await unwrapped(followed());
    }
    this.state = outcome.state;
    return outcome.build;
  }

  /**
   * The follower goes on while the build is stopped, sees its end and drains its log: nobody else knows how far that
   * was handed over. Cancelled between two attempts, an activity could not say so.
   */
  private async untilStopped(
    followed: () => Promise<FollowOutcome>,
    stopBuild: () => Promise<void>,
  ): Promise<FollowOutcome> {
    const following = new CancellationScope();
    let hasEnded = false;
    const outcome = following.run(followed).finally(() => (hasEnded = true));
    outcome.catch(() => undefined);
    await condition(() => hasEnded || this.stopReason !== undefined);
    if (!hasEnded)
      await stopBuild().catch((error: unknown) => {
        following.cancel();
        throw error;
      });
    return await outcome;
  }

  private startedAnew({ buildId }: BuildSnapshot, status: EndedStatus, reason: string): void {
    this.earlier.push({ buildId, status, reason });
    this.state = inNextBuild(this.state);
  }

  private async unlessStopped(work: () => Promise<void>): Promise<void> {
    await this.stoppable.run(work).catch(ignoreCancellation);
  }

  stop(reason = 'stopped'): void {
    if (this.phase === 'done') return;
    this.stopReason ??= reason;
    if (this.phase === 'running') this.phase = 'stopping';
    this.stoppable.cancel();
  }

  /** The build that began after the one named, or the first; null when there is none and comes none. */
  async nextBuild(after: string | undefined): Promise<BuildBegun | null> {
    const next = () => {
      const index =
        after === undefined ? -1 : this.begun.findIndex(({ buildId }) => buildId === after);
      return this.begun[index + 1];
    };
    await condition(() => next() !== undefined || this.phase === 'done');
    return next() ?? null;
  }

  builds(): BuildBegun[] {
    return this.begun;
  }

  progress(): BuildProgress {
    const { workflowId, runId } = workflowInfo();
    const begun = this.begun.at(-1);
    return {
      workflowId,
      runId,
      phase: this.phase,
      earlier: this.earlier,
      ...(this.spec ? { project: this.spec.project, target: this.spec.target } : {}),
      ...(begun ? { buildId: begun.buildId, arn: begun.arn, links: begun.links } : {}),
    };
  }

  private result(build: BuildSnapshot): BuildResult {
    const { workflowId, runId } = workflowInfo();
    const { buildId, arn, project, target, phases, startedAt, endedAt, log, links } = build;
    const status = endOf(build);
    const exitStatus = exitStatusOf(phases);
    const reason = [reasonOf(status, phases), this.stopReason].filter(Boolean).join(': ');
    return {
      workflowId,
      runId,
      buildId,
      arn,
      project,
      target,
      status,
      phases,
      log: { ...log, ...this.state.position },
      links,
      earlier: this.earlier,
      ...(status !== 'SUCCEEDED' && exitStatus !== undefined ? { exitStatus } : {}),
      ...(reason === '' || status === 'SUCCEEDED' ? {} : { reason }),
      ...(startedAt === undefined ? {} : { startedAt }),
      ...(endedAt === undefined ? {} : { endedAt }),
    };
  }
}

function placeOf({ target, access, pace, builds }: BuildSpec) {
  return { target, access, pace, builds };
}

/** A follower returns at the end only. */
function endOf({ status, buildId }: BuildSnapshot): EndedStatus {
  if (status !== 'IN_PROGRESS') return status;
  throw ApplicationFailure.nonRetryable(`build ${buildId} goes on`, 'Internal');
}
