import { z } from 'zod';
import { durationOfAtLeast, durationSchema } from '../duration-schema.js';
import { cronProblem } from './cron.js';
import { globsSchema, listOf, regionNameSchema, text, textLike } from './fields.js';
import { timeZoneProblem } from './time-zone.js';

/** Temporal's overlap policies, in lower case. */
export const overlapPolicies = [
  'skip',
  'buffer-one',
  'buffer-all',
  'cancel-other',
  'terminate-other',
  'allow-all',
] as const;
export type OverlapPolicy = (typeof overlapPolicies)[number];

const cronSchema = text('a cron expression in quotes, such as "0 23 * * *"').superRefine(
  (expression, context) => {
    const message = cronProblem(expression);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  },
);

const timeZoneSchema = text('an IANA time zone such as Australia/Melbourne').superRefine(
  (name, context) => {
    const message = timeZoneProblem(name);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  },
);

/** A run that starts by the clock; `nightshift schedule apply` makes a Temporal Schedule of it. */
export const scheduleSchema = z.strictObject({
  name: textLike(/^[A-Za-z0-9][\w.-]{0,99}$/, 'a name of letters, digits and . _ -').describe(
    'Names the schedule; unique in the file.',
  ),
  cron: z
    .union([cronSchema, listOf(cronSchema, 'cron expressions')])
    .describe(
      'When: minute, hour, day of month, month, day of week (both days must fit, when both are given); or a shorthand such as @daily; or a list of these.',
    ),
  timeZone: timeZoneSchema.default('UTC').describe('The IANA time zone that cron is read in.'),
  policies: listOf(text('the name of a policy'), 'policy names')
    .optional()
    .describe('Only these policies, by name; all when absent.'),
  accounts: globsSchema
    .optional()
    .describe('Only accounts whose name or id matches one of these globs.'),
  regions: listOf(regionNameSchema, 'region names')
    .optional()
    .describe('Only these of the regions configured above.'),
  overlap: z
    .enum(overlapPolicies)
    .default('skip')
    .describe('What happens when the last run still goes on (the overlap policies of Temporal).'),
  catchupWindow: durationOfAtLeast('10s')
    .default('1h')
    .describe('How late a run that was missed while the server was away may still start.'),
  jitter: durationSchema
    .optional()
    .describe('Start up to this much later, by chance, so that not all schedules start at once.'),
  paused: z
    .boolean({ error: 'must be true or false' })
    .optional()
    .describe('Made paused, or not; absent: as it is on the server, and running when it is new.'),
  requireApproval: z
    .boolean({ error: 'must be true or false' })
    .optional()
    .describe('As rails.requireApproval, for the runs of this schedule.'),
  note: text('text').optional().describe('Shown with the schedule.'),
});
export type Schedule = z.infer<typeof scheduleSchema>;

export const schedulesSchema = z
  .array(scheduleSchema, { error: 'must be a list of schedules, each with a name and a cron' })
  .superRefine((schedules, context) => {
    schedules.forEach(({ name }, index) => {
      const first = schedules.findIndex((other) => other.name === name);
      if (first === index) return;
      context.addIssue({
        code: 'custom',
        path: [index, 'name'],
        message: `must be unique; schedules[${first}] has this name too`,
      });
    });
  });
