import type { RunResult, RunStatus } from '../domain/cleanup/result.js';
import { formatCount, formatDuration, plural } from './format.js';
import { reportModel, type ReportItem, type ReportModel } from './model.js';
import {
  type SlackBlock,
  type SlackMessage,
  type SlackText,
  cut,
  escapeSlack,
  listBlock,
  mrkdwn,
  slackLimits,
  slackLineLength,
} from './slack-blocks.js';
import { plainText } from './wrap-text.js';

export interface SlackMessageOptions {
  /** Where the HTML report can be read; no button without it. At most 3,000 characters. */
  reportUrl?: string;
}

const icons: Record<RunStatus, string> = {
  completed: ':white_check_mark:',
  'completed-with-failures': ':x:',
  cancelled: ':octagonal_sign:',
  refused: ':no_entry:',
};

/** The end of a run as a Slack message: totals, the first ten failures and blocked items, a button. */
export function renderSlackMessage(
  result: RunResult,
  options: SlackMessageOptions = {},
): SlackMessage {
  const model = reportModel(result);
  const { totals } = result;
  const headline = `Cleanup ${result.status.replaceAll('-', ' ')}: ${formatCount(totals.deleted)} deleted, ${formatCount(totals.failed)} failed, ${formatCount(totals.blocked)} blocked`;
  const blocks: (SlackBlock | undefined)[] = [
    { type: 'header', text: { type: 'plain_text', text: cut(headline, slackLimits.header) } },
    result.reason === undefined ? undefined : mrkdwn(escapeSlack(result.reason)),
    totalFields(model),
    itemBlock(model, 'failed', ':x: *Failed*'),
    itemBlock(model, 'blocked', ':lock: *Blocked*'),
    targetBlock(model),
    reportButton(options.reportUrl),
    contextBlock(model),
  ];
  return {
    text: `${icons[result.status]} ${headline}`,
    blocks: blocks.filter((block) => block !== undefined),
  };
}

function totalFields({ result, duration }: ReportModel): SlackBlock {
  const { totals, awsCalls } = result;
  const fields: [string, string][] = [
    ['Deleted', formatCount(totals.deleted)],
    ['Failed', formatCount(totals.failed)],
    ['Blocked', formatCount(totals.blocked)],
    ['Skipped', formatCount(totals.skipped)],
    ['Orphaned', formatCount(totals.orphaned)],
    ['Took', formatDuration(duration)],
    ['Targets', formatCount(result.targets.length)],
    ['AWS calls', formatCount(awsCalls)],
  ];
  return {
    type: 'section',
    fields: fields.map(([name, value]) => ({ type: 'mrkdwn', text: `*${name}*\n${value}` })),
  };
}

function itemBlock(
  model: ReportModel,
  outcome: 'failed' | 'blocked',
  title: string,
): SlackBlock | undefined {
  const items = model.items.filter((item) => item.result.outcome === outcome);
  if (items.length === 0) return undefined;
  return listBlock(`${title} (${formatCount(items.length)})`, items.map(itemLine));
}

function itemLine({ result, target }: ReportItem): string {
  const holders = (result.blockedBy ?? []).map((reference) => reference.name).join(', ');
  const why = result.reason ?? (holders === '' ? 'no reason recorded' : `in use by ${holders}`);
  return `\`${escapeSlack(cut(plainText(result.name), 90)).replaceAll('`', "'")}\` in ${escapeSlack(target.name)}: ${escapeSlack(cut(plainText(why), slackLineLength - 150))}`;
}

function targetBlock({ targets }: ReportModel): SlackBlock | undefined {
  const broken = targets.flatMap(({ name, result: { error } }) => (error ? [{ name, error }] : []));
  if (broken.length === 0) return undefined;
  return listBlock(
    `:warning: *${plural(broken.length, 'target')} could not be worked on*`,
    broken.map(
      ({ name, error }) => `${escapeSlack(name)}: ${escapeSlack(cut(error.message, 150))}`,
    ),
  );
}

function reportButton(reportUrl: string | undefined): SlackBlock | undefined {
  if (reportUrl === undefined || reportUrl.length > slackLimits.url) return undefined;
  const text: SlackText = { type: 'plain_text', text: 'Open the report' };
  return { type: 'actions', elements: [{ type: 'button', text, url: reportUrl }] };
}

function contextBlock({ result }: ReportModel): SlackBlock {
  const text = `Run ${result.runId} · policies ${result.policies.join(', ') || 'none'}`;
  return {
    type: 'context',
    elements: [{ type: 'mrkdwn', text: cut(escapeSlack(text), slackLimits.text) }],
  };
}
