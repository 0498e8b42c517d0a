import { z } from 'zod';
import type { CleanupRequest } from '../domain/cleanup/input.js';
import {
  type Config,
  type Line,
  type Schedule,
  lineSchema,
  scheduleSchema,
} from '../domain/config/index.js';
import { lineKey } from '../domain/images/cell.js';
import type { LineRequest } from '../domain/images/messages.js';

const kept = { taskQueue: z.string() };
const cleanupSettingsSchema = scheduleSchema.omit({ paused: true }).extend(kept);
const lineTimesSchema = lineSchema.shape.schedule.unwrap().omit({ paused: true });
const lineSettingsSchema = lineTimesSchema.extend({
  ...kept,
  line: z.string(),
  channel: z.string(),
});

/** What was applied last, kept with the schedule: the server shows cron text in a form of its own. */
export const settingsSchema = z.union([lineSettingsSchema, cleanupSettingsSchema]);
export type Settings = z.infer<typeof settingsSchema>;

/** Something that starts by the clock. */
export interface ScheduledStart {
  /** What the schedule's id ends with, and what it is called by. */
  name: string;
  settings: Settings;
  paused?: boolean | undefined;
  note?: string | undefined;
  workflowType: string;
  workflowId: string;
  request: object;
}

/** All that a config has start by the clock: cleanups, and checks of images. */
export function scheduledStarts(
  { schedules, images = [] }: Pick<Config, 'schedules' | 'images'>,
  taskQueue: string,
): ScheduledStart[] {
  return [
    ...schedules.map((schedule) => cleanupStart(schedule, taskQueue)),
    ...images.flatMap((line) => lineStart(line, taskQueue)),
  ];
}

function cleanupStart(schedule: Schedule, taskQueue: string): ScheduledStart {
  const { paused, ...settings } = schedule;
  const { name, note, policies, accounts, regions, requireApproval } = settings;
  const request: CleanupRequest = {
    ...(policies ? { policies } : {}),
    ...(accounts ? { accounts } : {}),
    ...(regions ? { regions } : {}),
    ...(requireApproval === undefined ? {} : { requireApproval }),
  };
  return {
    name,
    settings: { ...settings, taskQueue },
    paused,
    note,
    workflowType: 'cleanup',
    workflowId: `cleanup-run/${name}`,
    request,
  };
}

function lineStart({ line, channel, schedule }: Line, taskQueue: string): ScheduledStart[] {
  if (!schedule) return [];
  const { paused, ...times } = schedule;
  const request: LineRequest = { line, channel };
  const key = lineKey(request);
  return [
    {
      // Slashes are in no name of a line, a channel or a schedule: no two things have the same id.
      name: `images/${key}`,
      settings: { ...times, line, channel, taskQueue },
      paused,
      workflowType: 'imageCheck',
      workflowId: `images-check/${key}`,
      request,
    },
  ];
}
