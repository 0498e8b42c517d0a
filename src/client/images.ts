import { setTimeout as delay } from 'node:timers/promises';
import {
  type Client,
  WithStartWorkflowOperation,
  WorkflowIdConflictPolicy,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { type Config, lineOf } from '../domain/config/index.js';
import { NightshiftError } from '../domain/errors.js';
import { type LineName, lineKey, lineWorkflowId } from '../domain/images/cell.js';
import type {
  BuildRequest,
  CheckRequest,
  LineRequest,
  PruneRequest,
  PruneResult,
  ReleaseRequest,
  ReleaseResult,
  SeedRequest,
  SeedResult,
} from '../domain/images/messages.js';
import { defaultChannel } from '../domain/images/names.js';
import type { CheckResult, CheckStarted, LineStatus } from '../domain/images/result.js';
import type { Caller } from './caller.js';
import { fromTemporalError, isTaskInFailedState } from './errors.js';

/** Which line is meant, and by which config. */
export interface LineOptions {
  /** Not needed where the line has one channel. */
  channel?: string;
  /** The config; the worker's own when absent. */
  setup?: { config: Config };
}

type Line = (request: LineRequest) => Promise<void>;

/** Keeps machine images up with packages. */
export class ImagesClient {
  constructor(private readonly caller: Caller) {}

  /** A line of the config. Nothing is started before something is asked of it. */
  line(line: string, { channel, setup }: LineOptions = {}): LineHandle {
    const known = setup ? lineOf(setup.config, line, channel).channel : channel;
    return new LineHandle(this.caller, { line, channel: known ?? defaultChannel }, setup);
  }
}

/** One line and channel, at work in a workflow of its own. Every method throws a NightshiftError. */
export class LineHandle {
  readonly workflowId: string;
  private readonly client: Client;

  constructor(
    private readonly caller: Caller,
    readonly name: LineName,
    private readonly setup: LineOptions['setup'],
  ) {
    this.workflowId = lineWorkflowId(name);
    this.client = caller.client;
  }

  /** Compares the mirror with what is built, and sets what is missing to be built; answers when that is decided. */
  check(options: Omit<CheckRequest, 'setup'> = {}, signal?: AbortSignal): Promise<CheckStarted> {
    return this.ask<CheckStarted, CheckRequest>('check', options, signal);
  }

  /** Waits for all that a check, or a `build`, has set to be built: until each is there, or given up. */
  settled(check: number, signal?: AbortSignal): Promise<CheckResult> {
    return this.try(signal, async () => {
      const handle = this.client.workflow.getHandle(this.workflowId);
      for (;;) {
        const result = await handle.executeUpdate<CheckResult | null, [{ check: number }]>(
          'settled',
          { args: [{ check }] },
        );
        // Null: the line has continued as new.
        if (result) return result;
      }
    });
  }

  /** Sets images to be built that a person asks for; with `rebuild` also those that there are. */
  build(options: Omit<BuildRequest, 'setup'> = {}, signal?: AbortSignal): Promise<CheckStarted> {
    return this.ask<CheckStarted, BuildRequest>('build', options, signal);
  }

  /** Lets held images be tried again. */
  release(
    options: Omit<ReleaseRequest, 'setup'> = {},
    signal?: AbortSignal,
  ): Promise<ReleaseResult> {
    return this.ask<ReleaseResult, ReleaseRequest>('release', options, signal);
  }

  /** Records what is there already, by the tags of images or by the tracker. */
  seed(options: Omit<SeedRequest, 'setup'>, signal?: AbortSignal): Promise<SeedResult> {
    return this.ask<SeedResult, SeedRequest>('seed', options, signal);
  }

  /** Removes images that failed their test, and those beyond the line's `keep`. */
  prune(options: Omit<PruneRequest, 'setup'> = {}, signal?: AbortSignal): Promise<PruneResult> {
    return this.ask<PruneResult, PruneRequest>('prune', options, signal);
  }

  /** How the line stands. */
  status(signal?: AbortSignal): Promise<LineStatus> {
    return this.query('status', signal);
  }

  /** Reads the mirror, and says what is missing, held, or being built; builds nothing. */
  async plan(signal?: AbortSignal): Promise<LineStatus> {
    await this.check({ dryRun: true }, signal);
    return await this.query('plan', signal);
  }

  private query(name: 'status' | 'plan', signal: AbortSignal | undefined): Promise<LineStatus> {
    return this.try(signal, async () => {
      try {
        return await this.client.workflow.getHandle(this.workflowId).query<LineStatus>(name);
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
        const { line, channel } = this.name;
        throw new NightshiftError('NotFound', `line ${lineKey(this.name)} has never been checked`, {
          hint: `\`nightshift images check ${line} --channel ${channel}\` does`,
          cause: error,
        });
      }
    });
  }

  /** Asks the line's workflow, which is started where it is not there yet. */
  private ask<Result, Request extends object>(
    update: string,
    options: Omit<Request, 'setup'>,
    signal: AbortSignal | undefined,
  ): Promise<Result> {
    const setup = this.setup ? { setup: this.setup } : {};
    return this.try(signal, () =>
      this.client.workflow.executeUpdateWithStart<Line, Result, [object]>(update, {
        args: [{ ...options, ...setup }],
        startWorkflowOperation: new WithStartWorkflowOperation<Line>('imageLine', {
          workflowId: this.workflowId,
          taskQueue: this.caller.taskQueue,
          args: [{ ...this.name, ...setup }],
          workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
        }),
      }),
    );
  }

  private async try<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    try {
      return await this.caller.until(signal, () => onceWorkersAreBack(work, signal));
    } catch (error) {
      signal?.throwIfAborted();
      throw fromTemporalError(error, `line ${lineKey(this.name)} can’t be asked`);
    }
  }
}

/** How often, and how far apart in milliseconds, a line is asked whose workers were just lost. */
const asks = { most: 30, pause: 2_000 };

/**
 * The server takes no update for a workflow whose last tasks have failed, as they do when workers die in the middle of
 * them again and again. The next worker mends that.
 */
async function onceWorkersAreBack<T>(
  work: () => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  for (let asked = 1; ; asked += 1) {
    try {
      return await work();
    } catch (error) {
      if (asked === asks.most || !isTaskInFailedState(error)) throw error;
      await delay(asks.pause, undefined, { signal });
    }
  }
}
