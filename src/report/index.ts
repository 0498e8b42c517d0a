export { renderHtmlReport, type HtmlReportOptions } from './html/page.js';
export {
  renderSlackMessage,
  type SlackBlock,
  type SlackMessage,
  type SlackMessageOptions,
} from './slack.js';
export { renderTextSummary } from './text-summary.js';
