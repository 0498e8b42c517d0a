import { z } from 'zod';
import { keysGiven, ssmParameterSchema, textLike } from './fields.js';

const webhookError =
  'must name where the webhook URL is kept, as { ssm: /nightshift/slack } or { env: SLACK_WEBHOOK_URL }; the URL itself is a secret and does not belong in a file';

const webhookSchema = z
  .strictObject(
    {
      ssm: ssmParameterSchema
        .optional()
        .describe('The SSM parameter (SecureString or String) that holds the URL.'),
      env: textLike(
        /^[A-Za-z_]\w*$/,
        'the name of an environment variable, such as SLACK_WEBHOOK_URL',
      )
        .optional()
        .describe('The environment variable of the worker that holds the URL.'),
    },
    { error: (issue) => (issue.code === 'invalid_type' ? webhookError : undefined) },
  )
  .refine((webhook) => keysGiven(webhook, ['ssm', 'env']).length === 1, { error: webhookError })
  .meta({ oneOf: [{ required: ['ssm'] }, { required: ['env'] }] });

/** Who hears of a run when it ends. A notice that can't be sent never fails the run. */
export const notificationsSchema = z.strictObject({
  slack: z
    .strictObject({
      webhook: webhookSchema.describe(
        'Where the URL of the incoming webhook is kept: exactly one of ssm and env.',
      ),
      on: z
        .enum(['always', 'failure'])
        .default('always')
        .describe('After every run, or only after one that did not complete cleanly.'),
    })
    .optional()
    .describe('A summary to Slack.'),
});
export type Notifications = z.infer<typeof notificationsSchema>;
export type Webhook = z.infer<typeof webhookSchema>;
