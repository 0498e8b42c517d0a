import { formatCount } from './format.js';
import { plainText } from './wrap-text.js';

export interface SlackText {
  type: 'plain_text' | 'mrkdwn';
  text: string;
}

/** The blocks that Nightshift uses, of Slack's Block Kit. */
export type SlackBlock =
  | { type: 'header'; text: SlackText }
  | { type: 'section'; text?: SlackText; fields?: SlackText[] }
  | { type: 'divider' }
  | { type: 'context'; elements: SlackText[] }
  | { type: 'actions'; elements: { type: 'button'; text: SlackText; url: string }[] };

/** What is posted to a webhook. `text` is for notifications and clients that show no blocks. */
export interface SlackMessage {
  text: string;
  blocks: SlackBlock[];
}

/** Slack's limits: https://docs.slack.dev/reference/block-kit/blocks (50 blocks a message). */
export const slackLimits = { header: 150, text: 3000, url: 3000 };
const listed = 10;
/** Ten of these, with their bullets, fit a text. */
export const slackLineLength = 280;

/** A title and up to ten lines within Slack's limit of a text; says how many are left out. */
export function listBlock(title: string, lines: readonly string[]): SlackBlock {
  let text = title;
  let shown = 0;
  for (const line of lines.slice(0, listed)) {
    // Escaping may have made a line longer than was planned for: leave room for the last line.
    if (text.length + line.length + 40 > slackLimits.text) break;
    text += `\n• ${line}`;
    shown += 1;
  }
  if (shown < lines.length) text += `\nand ${formatCount(lines.length - shown)} more`;
  return mrkdwn(text);
}

export function mrkdwn(text: string): SlackBlock {
  return { type: 'section', text: { type: 'mrkdwn', text: cut(text, slackLimits.text) } };
}

/** `&`, `<` and `>` are Slack's own: unescaped, a stack named `<!channel>` would wake everyone. */
export function escapeSlack(text: string): string {
  return plainText(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

export function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
