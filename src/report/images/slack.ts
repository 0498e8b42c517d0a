import type { CheckResult } from '../../domain/images/result.js';
import { plural } from '../format.js';
import {
  type SlackBlock,
  type SlackMessage,
  cut,
  escapeSlack,
  listBlock,
  slackLimits,
  slackLineLength,
} from '../slack-blocks.js';

/** The end of a check as a Slack message: what was built, and what was given up with its reason. */
export function renderCheckMessage({
  line,
  channel,
  built,
  failed,
  awaitingApproval,
}: CheckResult): SlackMessage {
  const waiting = awaitingApproval > 0 ? `, ${awaitingApproval} wait for approval` : '';
  const headline = `Images ${line}/${channel}: ${built.length} built, ${failed.length} held${waiting}`;
  const blocks: SlackBlock[] = [
    { type: 'header', text: { type: 'plain_text', text: cut(headline, slackLimits.header) } },
  ];
  const name = ({ evr, os, arch }: { evr: string; os: string; arch: string }) =>
    `${escapeSlack(evr)} on ${escapeSlack(os)} (${escapeSlack(arch)})`;
  if (failed.length > 0)
    blocks.push(
      listBlock(
        `:x: *${plural(failed.length, 'image')} held*`,
        failed.map(
          (cell) => `${name(cell)}: ${escapeSlack(cut(cell.reason, slackLineLength - 150))}`,
        ),
      ),
    );
  if (built.length > 0)
    blocks.push(
      listBlock(
        `:white_check_mark: *${plural(built.length, 'image')} built*`,
        built.map((cell) => `${name(cell)}: ${cell.imageId ?? 'known by its version only'}`),
      ),
    );
  return {
    text: `${failed.length > 0 ? ':x:' : ':white_check_mark:'} ${headline}`,
    blocks,
  };
}
