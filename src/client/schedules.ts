import {
  type Client,
  type ScheduleDescription,
  type ScheduleOptions,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
} from '@temporalio/client';
import { z } from 'zod';
import type { CleanupRequest } from '../domain/cleanup/input.js';
import { type OverlapPolicy, type Schedule, scheduleSchema } from '../domain/config/index.js';
import { parseDuration } from '../domain/duration.js';
import { NightshiftError } from '../domain/errors.js';

/** Ids of the schedules that are Nightshift's begin with this. */
const prefix = 'nightshift/';

export type ScheduleChange = { name: string } & (
  | { kind: 'created' | 'unchanged' | 'removed' }
  /** Names of the settings that differ. */
  | { kind: 'updated'; fields: string[] }
  /** On the server, not in the file; removed only when that is asked for. */
  | { kind: 'unknown' }
);

export interface ScheduleListing {
  name: string;
  paused: boolean;
  cron: string[];
  timeZone: string;
  note?: string;
  /** ISO 8601. */
  next: string[];
  /** Runs of it that are going on. */
  running: number;
}

/** Temporal Schedules of the runs that `nightshift.yaml` plans by the clock. */
export class ScheduleClient {
  constructor(
    private readonly client: Client,
    private readonly taskQueue: string,
  ) {}

  /** Makes the server's schedules those of the config. Does nothing where nothing differs. */
  async apply(
    schedules: readonly Schedule[],
    options: { prune?: boolean; dryRun?: boolean } = {},
  ): Promise<ScheduleChange[]> {
    const changes: ScheduleChange[] = [];
    for (const schedule of schedules)
      changes.push(await this.applyOne(schedule, options.dryRun ?? false));
    const known = new Set(schedules.map(({ name }) => name));
    for await (const { scheduleId } of this.client.schedule.list()) {
      const name = nameOf(scheduleId);
      if (name === undefined || known.has(name)) continue;
      if (options.prune && !options.dryRun)
        await this.client.schedule.getHandle(scheduleId).delete();
      changes.push({ name, kind: options.prune ? 'removed' : 'unknown' });
    }
    return changes;
  }

  async *list(): AsyncGenerator<ScheduleListing> {
    for await (const { scheduleId } of this.client.schedule.list()) {
      const name = nameOf(scheduleId);
      if (name === undefined) continue;
      const description = await this.client.schedule.getHandle(scheduleId).describe();
      const { state, info } = description;
      const shown = settingsOf(description);
      yield {
        name,
        paused: state.paused,
        cron: [shown?.cron ?? []].flat(),
        timeZone: shown?.timeZone ?? 'UTC',
        next: info.nextActionTimes.slice(0, 3).map((time) => time.toISOString()),
        running: info.runningActions.length,
        ...(state.note ? { note: state.note } : {}),
      };
    }
  }

  trigger(name: string): Promise<void> {
    return this.act(name, (handle) => handle.trigger());
  }

  pause(name: string, note?: string): Promise<void> {
    return this.act(name, (handle) => handle.pause(note));
  }

  resume(name: string, note?: string): Promise<void> {
    return this.act(name, (handle) => handle.unpause(note));
  }

  delete(name: string): Promise<void> {
    return this.act(name, (handle) => handle.delete());
  }

  private async applyOne(schedule: Schedule, dryRun: boolean): Promise<ScheduleChange> {
    const { name } = schedule;
    const handle = this.client.schedule.getHandle(prefix + name);
    const options = this.optionsOf(schedule);
    const existing = await unlessMissing(() => handle.describe());
    if (!existing) {
      if (!dryRun) await this.client.schedule.create(options);
      return { name, kind: 'created' };
    }
    const fields = differences(this.settingsFor(schedule), settingsOf(existing));
    const paused = schedule.paused ?? existing.state.paused;
    if (paused !== existing.state.paused) fields.push('paused');
    if (fields.length === 0) return { name, kind: 'unchanged' };
    if (!dryRun)
      await handle.update((now) => ({
        ...options,
        state: { ...now.state, ...options.state, paused },
      }));
    return { name, kind: 'updated', fields };
  }

  /** What is applied, kept with the schedule: the server shows cron text in a form of its own. */
  private settingsFor({ paused: _paused, ...schedule }: Schedule): Settings {
    return { ...schedule, taskQueue: this.taskQueue };
  }

  private optionsOf(schedule: Schedule): ScheduleOptions {
    const {
      name,
      policies,
      accounts,
      regions,
      requireApproval,
      overlap,
      catchupWindow,
      jitter,
      note,
      paused,
      cron,
      timeZone,
    } = schedule;
    const request: CleanupRequest = {
      ...(policies ? { policies } : {}),
      ...(accounts ? { accounts } : {}),
      ...(regions ? { regions } : {}),
      ...(requireApproval === undefined ? {} : { requireApproval }),
    };
    return {
      scheduleId: prefix + name,
      spec: {
        cronExpressions: [cron].flat(),
        timezone: timeZone,
        ...(jitter === undefined ? {} : { jitter: parseDuration(jitter) }),
      },
      action: {
        type: 'startWorkflow',
        workflowType: 'cleanup',
        workflowId: `cleanup-run/${name}`,
        taskQueue: this.taskQueue,
        args: [request],
        memo: { nightshift: this.settingsFor(schedule) },
      },
      policies: { overlap: overlapPolicies[overlap], catchupWindow: parseDuration(catchupWindow) },
      state: {
        ...(note === undefined ? {} : { note }),
        ...(paused === undefined ? {} : { paused }),
      },
    };
  }

  private async act(
    name: string,
    work: (handle: ReturnType<Client['schedule']['getHandle']>) => Promise<void>,
  ): Promise<void> {
    const done = await unlessMissing(async () => {
      await work(this.client.schedule.getHandle(prefix + name));
      return true;
    });
    if (!done)
      throw new NightshiftError('NotFound', `there is no schedule ${name}`, {
        hint: '`nightshift schedule list` shows them',
      });
  }
}

/** What was applied last. */
type Settings = Omit<Schedule, 'paused'> & { taskQueue: string };

const settingsSchema = scheduleSchema.omit({ paused: true }).extend({ taskQueue: z.string() });

/** Absent where somebody else made the schedule, or an older Nightshift with other settings. */
function settingsOf({ action }: ScheduleDescription): Settings | undefined {
  return action.type === 'startWorkflow'
    ? settingsSchema.safeParse(action.memo?.['nightshift']).data
    : undefined;
}

function differences(wanted: Settings, there: Settings | undefined): string[] {
  if (!there) return ['everything'];
  const fields = new Set([...Object.keys(wanted), ...Object.keys(there)]);
  return [...fields].filter(
    (field) =>
      JSON.stringify(Reflect.get(wanted, field)) !== JSON.stringify(Reflect.get(there, field)),
  );
}

const overlapPolicies: Record<OverlapPolicy, ScheduleOverlapPolicy> = {
  skip: ScheduleOverlapPolicy.SKIP,
  'buffer-one': ScheduleOverlapPolicy.BUFFER_ONE,
  'buffer-all': ScheduleOverlapPolicy.BUFFER_ALL,
  'cancel-other': ScheduleOverlapPolicy.CANCEL_OTHER,
  'terminate-other': ScheduleOverlapPolicy.TERMINATE_OTHER,
  'allow-all': ScheduleOverlapPolicy.ALLOW_ALL,
};

function nameOf(scheduleId: string): string | undefined {
  return scheduleId.startsWith(prefix) ? scheduleId.slice(prefix.length) : undefined;
}

async function unlessMissing<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return undefined;
    throw error;
  }
}
