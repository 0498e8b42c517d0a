import {
  type Client,
  type ScheduleDescription,
  type ScheduleOptions,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
} from '@temporalio/client';
import type { Config, OverlapPolicy } from '../domain/config/index.js';
import { parseDuration } from '../domain/duration.js';
import { NightshiftError } from '../domain/errors.js';
import {
  type ScheduledStart,
  type Settings,
  scheduledStarts,
  settingsSchema,
} from './schedule-starts.js';

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

/** Temporal Schedules of the runs and checks that `nightshift.yaml` plans by the clock. */
export class ScheduleClient {
  constructor(
    private readonly client: Client,
    private readonly taskQueue: string,
  ) {}

  /** Makes the server's schedules those of the config. Does nothing where nothing differs. */
  async apply(
    config: Pick<Config, 'schedules' | 'images'>,
    options: { prune?: boolean; dryRun?: boolean } = {},
  ): Promise<ScheduleChange[]> {
    const changes: ScheduleChange[] = [];
    const starts = scheduledStarts(config, this.taskQueue);
    for (const start of starts) changes.push(await this.applyOne(start, options.dryRun ?? false));
    const known = new Set(starts.map(({ name }) => name));
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

  private async applyOne(start: ScheduledStart, dryRun: boolean): Promise<ScheduleChange> {
    const { name, settings } = start;
    const handle = this.client.schedule.getHandle(prefix + name);
    const options = optionsOf(start);
    const existing = await unlessMissing(() => handle.describe());
    if (!existing) {
      if (!dryRun) await this.client.schedule.create(options);
      return { name, kind: 'created' };
    }
    const fields = differences(settings, settingsOf(existing));
    const paused = start.paused ?? existing.state.paused;
    if (paused !== existing.state.paused) fields.push('paused');
    if (fields.length === 0) return { name, kind: 'unchanged' };
    if (!dryRun)
      await handle.update((now) => ({
        ...options,
        state: { ...now.state, ...options.state, paused },
      }));
    return { name, kind: 'updated', fields };
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

function optionsOf(start: ScheduledStart): ScheduleOptions {
  const { name, settings, paused, note, workflowType, workflowId, request } = start;
  const { cron, timeZone, jitter, overlap, catchupWindow, taskQueue } = settings;
  return {
    scheduleId: prefix + name,
    spec: {
      cronExpressions: [cron].flat(),
      timezone: timeZone,
      ...(jitter === undefined ? {} : { jitter: parseDuration(jitter) }),
    },
    action: {
      type: 'startWorkflow',
      workflowType,
      workflowId,
      taskQueue,
      args: [request],
      memo: { nightshift: settings },
    },
    policies: { overlap: overlapPolicies[overlap], catchupWindow: parseDuration(catchupWindow) },
    state: {
      ...(note === undefined ? {} : { note }),
      ...(paused === undefined ? {} : { paused }),
    },
  };
}

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
