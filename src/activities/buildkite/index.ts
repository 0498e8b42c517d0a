import { Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import type { AwsConnections } from '../../aws/connections.js';
import { StacksApi } from '../../buildkite/index.js';
import { chunksOf } from '../../domain/buildkite/chunks.js';
import type { JobSink } from '../../domain/buildkite/job-sink.js';
import type { JobEnd, JobLog } from '../../domain/buildkite/result.js';
import type { JobSpec, QueueSpec, TakenJob } from '../../domain/buildkite/spec.js';
import type { BuildBegun } from '../../domain/builds/messages.js';
import type { BuildPlace } from '../../domain/builds/spec.js';
import type { Config, Pace } from '../../domain/config/index.js';
import { abortable } from '../abortable.js';
import { type PerformOptions, perform } from '../failure.js';
import { SavedProgress } from '../saved-progress.js';
import { Agents, type JobSession, sealerOf } from './agents.js';
import { type JobCall, attendJob } from './attend-job.js';
import { type DispatchProgress, awaitDispatch } from './await-dispatch.js';
import { type ScheduledProgress, awaitScheduled } from './await-scheduled.js';
import { fromBuildkiteError, isOver } from './failures.js';
import { finishJob } from './job-end.js';
import { dropToken, keepToken } from './job-secret.js';
import { BuildkiteJobSink } from './job-sink.js';
import { acceptJob, acquireJob, startJob } from './job-steps.js';
import { prepareJob, prepareQueue } from './prepare.js';
import type { BuildkiteSecrets } from './secrets.js';
import { sweepJobs } from './sweep-jobs.js';
import { sealJob } from './take-job.js';

export interface BuildkiteDependencies {
  aws: AwsConnections;
  client: Client;
  /** The worker's own config, for a queue or job that brings none. */
  ownConfig: () => Promise<Config>;
  secrets: BuildkiteSecrets;
  /** Aborted when the worker is told to stop: it takes no more jobs then. */
  stopping: AbortSignal;
}

/** A job of ours: whoever does something about it opens the session for it. */
export interface OurJob {
  queue: QueueSpec;
  jobId: string;
  /** Sealed. */
  session: string;
}

/** The side effects of Buildkite's jobs. Each can be repeated safely. */
export function createBuildkiteActivities({
  aws,
  client,
  ownConfig,
  secrets,
  stopping,
}: BuildkiteDependencies) {
  const agents = new Agents(secrets);

  /** Looking for jobs, with progress of its own. */
  const looking = <T>(doing: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> =>
    ours(doing, work, { silent: true, stopping });

  return {
    prepareQueue: (input: unknown) =>
      perform('the queue can’t be prepared', (signal) =>
        prepareQueue({ aws, input, ownConfig, signal }),
      ),

    prepareJob: (input: unknown) =>
      perform('the job can’t be prepared', (signal) =>
        prepareJob({ aws, input, ownConfig, signal }),
      ),

    /** Registers an agent for one job: its session, sealed. */
    registerAgent: ({ queue, jobId }: JobSpec) =>
      ours(
        'an agent can’t be registered',
        async (signal) => {
          const progress = new SavedProgress<{ session?: string }>(client, {});
          try {
            // An agent that was registered before the worker died is the one to go on with.
            if (progress.value.session !== undefined) return progress.value.session;
            const agent = { name: agentName(queue, jobId), ignoreInDispatches: true };
            const session = await agents.register(queue, agent, signal);
            const of = { session, job: { id: jobId } };
            const sealed = await agents.sealSession(sealerOf(queue), jobId, of);
            await progress.save({ session: sealed });
            return sealed;
          } finally {
            progress.close();
          }
        },
        { silent: true },
      ),

    /** Takes a job, the one that was `handed` to its agent or by its id: null when it is another's, or over. */
    takeJob: ({
      queue,
      jobId,
      session,
      handed,
    }: OurJob & { handed?: string }): Promise<TakenJob | null> =>
      ours(`job ${jobId} can’t be taken`, async (signal) => {
        const { session: agent } = await open({ queue, jobId, session });
        const api = agents.api(agent);
        const { pace } = queue.place;
        const job =
          handed === undefined
            ? await acquireJob(api, agent, jobId, signal)
            : await acceptJob(api, agent, await agents.openJob(handed, jobId, pace), signal);
        return job && (await sealJob(agents, queue, agent, job));
      }),

    attendJob: (job: OurJob) =>
      ours(
        `job ${job.jobId} can’t be attended`,
        async (signal) => attendJob({ ...(await open(job)), agents, tell: tellWorkflow, signal }),
        { stopping },
      ),

    /** Says that a job runs; `cancelled` when it is not to. */
    startJob: (job: OurJob): Promise<'started' | 'cancelled'> =>
      ours(`job ${job.jobId} can’t be started`, async (signal) => {
        const { session, job: access } = await open(job);
        return await startJob(agents.api(session), session, access, signal);
      }),

    /** Puts the job's access token where its build finds it. */
    keepJobToken: (job: OurJob) =>
      ours(`the token of job ${job.jobId} can’t be kept`, async (signal) => {
        const { session, job: access } = await open(job);
        await keepToken(
          ssmOf(job.queue.place),
          job.jobId,
          access.token ?? session.accessToken,
          signal,
        );
      }),

    dropJobToken: ({ queue, jobId }: Pick<OurJob, 'queue' | 'jobId'>) =>
      ours(`the token of job ${jobId} can’t be removed`, (signal) =>
        dropToken(ssmOf(queue.place), jobId, signal),
      ),

    /** Shows in Buildkite which build runs a job. */
    announceBuild: (job: OurJob & { workflowId: string }) =>
      ours(
        `the build of job ${job.jobId} can’t be announced`,
        async (signal) => {
          const begun = client.workflow
            .getHandle(job.workflowId)
            // The same question from whoever asks next: a workflow has room for 2,000 of them.
            .executeUpdate<BuildBegun | null, []>('nextBuild', { args: [], updateId: 'announce' });
          const build = await abortable(begun, signal);
          if (!build) return;
          const { session, job: access } = await open(job);
          const entry = { key: `nightshift:${job.jobId}`, value: build.links.console };
          await agents.api(session).setData(session, access, entry, signal);
        },
        { stopping },
      ),

    /** Writes lines of our own at the end of a job's log. */
    writeJobLog: ({ sink, pace, log, text }: WriteRequest): Promise<JobLog> =>
      ours(`the log of job ${sink.jobId} can’t be written`, async (signal) => {
        const to = new BuildkiteJobSink(agents, sink, pace);
        const from = { sequence: log.chunks + 1, offset: log.bytes };
        const bytes = Buffer.from(text);
        const chunks = chunksOf(bytes, sink.chunkBytes, from);
        let { lost } = log;
        for (const chunk of chunks) if ((await to.write(chunk, signal)) === 'lost') lost += 1;
        return { bytes: log.bytes + bytes.length, chunks: log.chunks + chunks.length, lost };
      }),

    finishJob: (request: OurJob & { end: JobEnd; lost: number }) =>
      ours(`job ${request.jobId} can’t be finished`, async (signal) =>
        finishJob({
          ...(await open(request)),
          agents,
          end: request.end,
          lost: request.lost,
          isRepeat: Context.current().info.attempt > 1,
          signal,
        }),
      ),

    disconnectAgent: (job: OurJob) =>
      ours(`the agent of job ${job.jobId} can’t be disconnected`, async (signal) => {
        const { session } = await open(job);
        await agents.api(session).disconnect(session, signal).catch(unlessOver);
      }),

    /** Asks for work as an agent, until there is some. */
    awaitDispatch: ({ queue }: { queue: QueueSpec }) =>
      looking(`queue ${queue.queue} can’t be asked for jobs`, async (signal) => {
        const progress = new SavedProgress<DispatchProgress>(client, {});
        const { workflowExecution, activityId } = Context.current().info;
        const name = agentName(
          queue,
          `${workflowExecution?.runId.slice(0, 8) ?? ''}-${activityId}`,
        );
        try {
          return await awaitDispatch({ agents, queue, name, progress, signal });
        } finally {
          progress.close();
        }
      }),

    /** Finds and reserves jobs through the Stacks API, until there are some. */
    awaitScheduled: (request: { queue: QueueSpec; waiting: string[]; free: number }) =>
      looking(`queue ${request.queue.queue} can’t be looked at`, async (signal) => {
        const progress = new SavedProgress<ScheduledProgress>(client, {});
        try {
          const stacks = await stacksOf(request.queue);
          return await secrets.forgetUnknown(request.queue, () =>
            awaitScheduled({ ...request, stacks, progress, signal }),
          );
        } finally {
          progress.close();
        }
      }),

    /** Ends a reserved job that no agent could take, with a reason that a person can read. */
    failReservedJob: ({
      queue,
      jobId,
      detail,
    }: {
      queue: QueueSpec;
      jobId: string;
      detail: string;
    }) =>
      ours(`job ${jobId} can’t be given back`, async (signal) => {
        const stacks = await stacksOf(queue);
        await stacks
          .finish(queue.stackKey, jobId, { exitStatus: -1, detail }, signal)
          .catch(unlessOver);
      }),

    /** Ends jobs in Buildkite whose workflow was ended from outside. */
    sweepJobs: ({ pace }: { pace: Pace }) =>
      ours('jobs can’t be swept', (signal) => {
        const { taskQueue } = Context.current().info;
        return sweepJobs({ aws, agents, client, taskQueue, pace, signal });
      }),

    leaveStack: ({ queue }: { queue: QueueSpec }) =>
      ours(`stack ${queue.stackKey} can’t be left`, async (signal) => {
        await (await stacksOf(queue)).deregister(queue.stackKey, signal);
      }),
  };

  async function tellWorkflow(call: JobCall): Promise<void> {
    const { workflowId = '', runId } = Context.current().info.workflowExecution ?? {};
    await client.workflow.getHandle(workflowId, runId).signal<[JobCall]>('call', call);
  }

  function open({ queue, jobId, session }: OurJob): Promise<JobSession> {
    return agents.openSession(session, jobId, queue.place.pace);
  }

  async function stacksOf(queue: QueueSpec): Promise<StacksApi> {
    const token = await secrets.agentToken(queue, queue.place.pace);
    return new StacksApi({ endpoint: queue.endpoint, token });
  }

  function ssmOf({ target, access, pace }: BuildPlace) {
    return aws.ssm(target, access, pace);
  }
}

export type BuildkiteActivities = ReturnType<typeof createBuildkiteActivities>;

export interface WriteRequest {
  sink: JobSink;
  pace: Pace;
  log: JobLog;
  text: string;
}

/** Does the work of an activity; what Buildkite refuses is told in our words. */
function ours<T>(
  doing: string,
  work: (signal: AbortSignal) => Promise<T>,
  options?: PerformOptions,
): Promise<T> {
  const told = async (signal: AbortSignal) => {
    try {
      return await work(signal);
    } catch (error) {
      throw fromBuildkiteError(error, doing);
    }
  };
  return perform(doing, told, options);
}

function unlessOver(error: unknown): void {
  if (isOver(error)) return;
  throw error;
}

function agentName({ queue }: QueueSpec, of: string): string {
  return `nightshift-${queue}-${of}`;
}
