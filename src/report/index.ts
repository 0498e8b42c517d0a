export { renderHtmlReport, type HtmlReportOptions } from './html/page.js';
export { renderLineReport, type LineReportOptions } from './images/html/page.js';
export { renderCheckMessage } from './images/slack.js';
export type { SlackBlock, SlackMessage } from './slack-blocks.js';
export { renderSlackMessage, type SlackMessageOptions } from './slack.js';
export { renderTextSummary } from './text-summary.js';
