import type { ResultItem, RunResult } from '../../../domain/cleanup/result.js';
import { targetName } from '../../../domain/target.js';
import { formatCount, formatDuration, plural } from '../../../report/format.js';
import type { Output } from '../../output.js';
import type { Audit } from './audit.js';
import { labelled } from '../lines.js';

export interface Summary {
  result: RunResult;
  audit: Audit;
  /** Milliseconds that the run took, of the clock on the wall and of the sandbox's. */
  took: { real: number; sandbox: number };
  killed: boolean;
  /** What is special about a stack, by its name. */
  stories: ReadonlyMap<string, string>;
  /** Path of the HTML report. */
  report: string;
}

/** The end of a demo. */
export function renderSummary(summary: Summary, output: Output): string {
  const { result, took } = summary;
  const { paint } = output;
  const { deleted, skipped, blocked, failed } = result.totals;
  return [
    `${paint.bold('Done')}: ${paint.green(`${deleted} deleted`)}, ${paint.yellow(`${skipped} skipped`)}, ` +
      `${paint.magenta(`${blocked} blocked`)}, ${(failed > 0 ? paint.red : String)(`${failed} failed`)} (${result.status})`,
    '',
    ...labelled(
      'Time',
      `${formatDuration(took.real)}, in which ${formatDuration(took.sandbox)} went by in the sandbox`,
      output,
    ),
    ...labelled('AWS calls', callsOf(summary), output),
    ...labelled('Once', onceOf(summary), output),
    ...problemLines(summary, output),
    '',
    ...interesting(result).flatMap((item) => itemLines(item, summary, output)),
    '',
    `Report: ${paint.cyan(summary.report)} (open it in a browser)`,
  ].join('\n');
}

function callsOf({ audit, result }: Summary): string {
  const each = (audit.cloudFormationCalls / Math.max(1, audit.stacks)).toFixed(1);
  const others = audit.calls - audit.cloudFormationCalls;
  return (
    `${formatCount(audit.calls)}: ${each} CloudFormation calls per deleted stack, planning and polling included, and ` +
    `${formatCount(others)} for accounts, ${plural(countOf(result, 'bucket'), 'bucket')} and ` +
    plural(countOf(result, 'rds-snapshot'), 'snapshot')
  );
}

function onceOf({ audit, killed }: Summary): string {
  if (audit.problems.length > 0) return 'no: what the run says and what the cloud saw differ';
  const names = audit.again.map(({ name }) => name).join(' and ');
  const repeats = audit.sent - audit.effective;
  return (
    `yes: each of the ${audit.stacks} stacks was deleted once, and none besides; the sandbox’s own record ` +
    `of every call agrees${killed ? ', killed worker or not' : ''}.` +
    (names === '' ? '' : ` AWS failed the first delete of ${names}; the next one succeeded.`) +
    (repeats === 0
      ? ''
      : ` ${plural(repeats, 'DeleteStack call')} had no effect: refused, or a repeat that AWS knew by its token.`)
  );
}

function problemLines({ audit }: Summary, output: Output): string[] {
  return audit.problems.flatMap((problem) =>
    labelled(output.paint.red('problem'), problem, output),
  );
}

/** What stayed, and what took more than one try. */
function interesting({ targets }: RunResult): (ResultItem & { target: string })[] {
  return targets.flatMap((target) =>
    target.items
      .filter(({ outcome, attempts }) => outcome !== 'deleted' || attempts > 1)
      .map((item) => ({ ...item, target: targetName(target) })),
  );
}

function itemLines(
  item: ResultItem & { target: string },
  { stories }: Summary,
  output: Output,
): string[] {
  const { paint } = output;
  const { name, outcome, attempts, reason, target } = item;
  const colour = {
    deleted: paint.green,
    skipped: paint.yellow,
    blocked: paint.magenta,
    failed: paint.red,
  }[outcome];
  const story = stories.get(name);
  const why =
    outcome === 'deleted'
      ? `at try ${attempts}.${story === undefined ? '' : ` ${story}`}`
      : (reason ?? story ?? '');
  return labelled(colour(outcome), `${target} ${name}: ${why}`, output);
}

function countOf({ targets }: RunResult, kind: ResultItem['kind']): number {
  return targets
    .flatMap(({ items }) => items)
    .filter((item) => item.kind === kind && item.outcome === 'deleted').length;
}
