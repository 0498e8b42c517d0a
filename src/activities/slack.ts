import { GetParameterCommand } from '@aws-sdk/client-ssm';
import type { AwsConnections } from '../aws/connections.js';
import type { Pace, Webhook } from '../domain/config/index.js';
import { NightshiftError } from '../domain/errors.js';
import type { SlackMessage } from '../report/index.js';

export interface SlackPost {
  webhook: Webhook;
  pace: Pace;
  message: SlackMessage;
}

/** Sends a message to Slack. The webhook's URL is a secret: it is read here and goes nowhere else. */
export async function postToSlack(
  aws: AwsConnections,
  { webhook, pace, message }: SlackPost,
  signal: AbortSignal,
): Promise<void> {
  const url = await webhookUrl(aws, webhook, pace, signal);
  let status: number;
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(message),
      signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
    });
    status = response.status;
  } catch (error) {
    // Errors of fetch may name the URL.
    throw new NightshiftError('NoticeFailed', 'Slack could not be reached', {
      retryable: !signal.aborted,
      cause: (error as Error).name,
    });
  }
  if (status >= 400)
    throw new NightshiftError('NoticeFailed', `Slack answered ${status}`, {
      retryable: status >= 500 || status === 429,
    });
}

async function webhookUrl(
  aws: AwsConnections,
  webhook: Webhook,
  pace: Pace,
  abortSignal: AbortSignal,
): Promise<string> {
  if (webhook.ssm !== undefined) {
    const { Parameter } = await aws
      .hub(undefined, pace)
      .ssm.send(new GetParameterCommand({ Name: webhook.ssm, WithDecryption: true }), {
        abortSignal,
      });
    if (Parameter?.Value) return Parameter.Value;
    throw new NightshiftError('NotFound', `the SSM parameter ${webhook.ssm} holds no webhook`);
  }
  const url = webhook.env === undefined ? undefined : process.env[webhook.env];
  if (url) return url;
  throw new NightshiftError(
    'NotFound',
    `the worker's environment has no ${webhook.env ?? 'webhook'}`,
  );
}
