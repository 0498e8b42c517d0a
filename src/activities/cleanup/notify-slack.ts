import type { AwsConnections } from '../../aws/connections.js';
import { assembleResult } from '../../domain/cleanup/assemble.js';
import type { RunSummary } from '../../domain/cleanup/progress.js';
import type { Notifications, Pace } from '../../domain/config/index.js';
import { renderSlackMessage } from '../../report/index.js';
import { postToSlack } from '../slack.js';

export interface NotifySlackRequest {
  slack: NonNullable<Notifications['slack']>;
  pace: Pace;
  summary: RunSummary;
}

/** Sends a run's summary to Slack. */
export async function notifySlack(
  aws: AwsConnections,
  { slack, pace, summary }: NotifySlackRequest,
  signal: AbortSignal,
): Promise<void> {
  const result = assembleResult(summary, (target) => target.summary?.notable ?? []);
  const message = renderSlackMessage(result);
  await postToSlack(aws, { webhook: slack.webhook, pace, message }, signal);
}
