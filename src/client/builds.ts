import { randomBytes } from 'node:crypto';
import {
  type Client,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  WorkflowNotFoundError,
} from '@temporalio/client';
import type { DescribedBuild } from '../activities/builds/describe-build.js';
import type { BuildRequest } from '../domain/builds/input.js';
import { isBuildName } from '../domain/builds/name.js';
import type { BuildResult } from '../domain/builds/result.js';
import type { BuildSetup } from '../domain/builds/setup.js';
import { NightshiftError } from '../domain/errors.js';
import { type BuildHandle, FoundBuild, RunBuild } from './build-handle.js';
import type { Caller } from './caller.js';
import { describeBuild } from './describe-build.js';
import { fromTemporalError } from './errors.js';

export interface RunBuildOptions {
  /** Names the build's workflow; one of this name that goes on is joined. Default: a new name. */
  workflowId?: string;
}

/** Where a build is that is named by its bare id, and the config that says how to get there. */
export interface BuildWhere {
  account?: string;
  region?: string;
  setup?: BuildSetup;
}

export interface BuildListing {
  workflowId: string;
  runId: string;
  status: string;
  startedAt: string;
  endedAt?: string;
}

/** Runs and follows CodeBuild builds. */
export class BuildsClient {
  private readonly client: Client;
  private readonly taskQueue: string;

  constructor(private readonly caller: Caller) {
    this.client = caller.client;
    this.taskQueue = caller.taskQueue;
  }

  /** Starts a build and returns at once. */
  async run(request: BuildRequest, options: RunBuildOptions = {}): Promise<BuildHandle> {
    const workflowId = options.workflowId ?? newBuildName(request);
    try {
      const handle = await this.client.workflow.start<
        (input: BuildRequest) => Promise<BuildResult>
      >('codebuildBuild', {
        workflowId,
        taskQueue: this.taskQueue,
        args: [request],
        // A build that goes on under this name is the one that was meant: joined, not started twice.
        workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
        workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
      });
      return this.runBuild(workflowId, handle.firstExecutionRunId);
    } catch (error) {
      throw fromTemporalError(error, 'the build can’t be started');
    }
  }

  /** A build by the id of its workflow, its own id (`project:uuid`), or its ARN, whoever started it. */
  async get(name: string, where: BuildWhere = {}): Promise<BuildHandle> {
    if (!isBuildName(name)) return await this.byWorkflowId(name);
    const described = await describeBuild(this.caller, { build: name, ...where });
    const { workflowId } = described.build;
    const run = workflowId === undefined ? undefined : await this.runOf(workflowId, described);
    if (run !== undefined && workflowId !== undefined) return this.runBuild(workflowId, run);
    return new FoundBuild(this.caller, described);
  }

  /** Builds that Nightshift runs or ran, the newest first. */
  async *list(): AsyncGenerator<BuildListing> {
    const query = `WorkflowType = 'codebuildBuild' AND TaskQueue = '${this.taskQueue}'`;
    for await (const {
      workflowId,
      runId,
      status,
      startTime,
      closeTime,
    } of this.client.workflow.list({ query })) {
      yield {
        workflowId,
        runId,
        status: status.name,
        startedAt: startTime.toISOString(),
        ...(closeTime ? { endedAt: closeTime.toISOString() } : {}),
      };
    }
  }

  private runBuild(workflowId: string, runId: string): RunBuild {
    return new RunBuild(this.caller, { workflowId, runId });
  }

  private async byWorkflowId(workflowId: string): Promise<BuildHandle> {
    try {
      const { runId, type } = await this.client.workflow.getHandle(workflowId).describe();
      if (type === 'codebuildBuild') return this.runBuild(workflowId, runId);
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError))
        throw fromTemporalError(error, `build ${workflowId} can’t be looked up`);
    }
    throw new NightshiftError('NotFound', `there is no build ${workflowId}`, {
      hint: 'name a build by its id (project:uuid), its ARN, or the id of its workflow; `nightshift build list` shows those',
    });
  }

  /** The run of the workflow that follows this very build; a name may have been used again since. */
  private async runOf(workflowId: string, { build }: DescribedBuild): Promise<string | undefined> {
    const handle = this.client.workflow.getHandle(workflowId);
    try {
      const { runId, type, status } = await handle.describe();
      if (type !== 'codebuildBuild' || status.name !== 'RUNNING') return undefined;
      const begun = await handle.query<{ buildId: string }[]>('builds');
      return begun.some(({ buildId }) => buildId === build.buildId) ? runId : undefined;
    } catch {
      return undefined;
    }
  }
}

/** `build-web-20261121-230000-3f9a`: sorts by time, and can be typed. */
function newBuildName({ project, preset }: BuildRequest): string {
  const time = new Date().toISOString().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return `build-${project ?? preset ?? 'unnamed'}-${time}-${randomBytes(3).toString('hex')}`;
}
