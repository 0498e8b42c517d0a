import { GetParameterCommand } from '@aws-sdk/client-ssm';
import type { AwsConnections } from '../../aws/connections.js';
import type { RunSummary } from '../../domain/cleanup/progress.js';
import type { Notifications, Pace } from '../../domain/config/index.js';
import { NightshiftError } from '../../domain/errors.js';
import { assembleResult } from '../../domain/cleanup/assemble.js';
import { renderSlackMessage } from '../../report/index.js';

export interface NotifySlackRequest {
  slack: NonNullable<Notifications['slack']>;
  pace: Pace;
  summary: RunSummary;
}

/** Sends a run's summary to Slack. The webhook's URL is a secret: it is read here and goes nowhere else. */
export async function notifySlack(
  aws: AwsConnections,
  { slack, pace, summary }: NotifySlackRequest,
  signal: AbortSignal,
): Promise<void> {
  const url = await webhookUrl(aws, slack.webhook, pace, signal);
  let status: number;
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(
        renderSlackMessage(assembleResult(summary, (target) => target.summary?.notable ?? [])),
      ),
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
  webhook: NotifySlackRequest['slack']['webhook'],
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
