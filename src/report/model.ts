import type {
  Orphan,
  Outcome,
  ResultItem,
  RunResult,
  TargetResult,
} from '../domain/cleanup/result.js';
import { targetName } from '../domain/target.js';
import { parseTime } from './format.js';

/** A stretch of time, in milliseconds since the epoch. */
export interface Span {
  start: number;
  end: number;
}

/** When an item was worked on; `open` when it had not ended as the run did. */
export interface ItemSpan extends Span {
  open: boolean;
}

export interface ReportItem {
  /** Its place among all items of the run, which names it within the report. */
  index: number;
  target: ReportTarget;
  result: ResultItem;
  /** Absent for what was never started. */
  span?: ItemSpan;
}

export type OutcomeCounts = Record<Outcome, number>;

export interface ReportTarget {
  index: number;
  name: string;
  result: TargetResult;
  items: ReportItem[];
  /** The items by their ids: a StackId or an ARN names one of a target. */
  byId: Map<string, ReportItem>;
  counts: OutcomeCounts;
  orphaned: number;
  /** Milliseconds. */
  duration: number;
}

export interface ReportOrphan {
  item: ReportItem;
  orphan: Orphan;
}

/** A run as the report sees it: items numbered, times parsed, counts made. */
export interface ReportModel {
  result: RunResult;
  /** The run, widened where needed so that no item lies outside it. */
  span: Span;
  /** Milliseconds from the run's start to its end, as the result gives them. */
  duration: number;
  targets: ReportTarget[];
  items: ReportItem[];
  orphans: ReportOrphan[];
}

export function reportModel(result: RunResult): ReportModel {
  const runStart = parseTime(result.startedAt) ?? 0;
  const runEnd = Math.max(runStart, parseTime(result.endedAt) ?? runStart);
  const items: ReportItem[] = [];
  const targets = result.targets.map((target, index) => reportTarget(target, index, items, runEnd));
  const span = { start: runStart, end: runEnd };
  for (const { span: own } of items) {
    if (own === undefined) continue;
    span.start = Math.min(span.start, own.start);
    span.end = Math.max(span.end, own.end);
  }
  const orphans = items.flatMap((item) =>
    (item.result.orphans ?? []).map((orphan) => ({ item, orphan })),
  );
  return { result, span, duration: runEnd - runStart, targets, items, orphans };
}

function reportTarget(
  result: TargetResult,
  index: number,
  items: ReportItem[],
  runEnd: number,
): ReportTarget {
  const start = parseTime(result.startedAt) ?? runEnd;
  const end = parseTime(result.endedAt) ?? runEnd;
  const target: ReportTarget = {
    index,
    name: targetName(result),
    result,
    items: [],
    byId: new Map(),
    counts: countOutcomes(result.items),
    orphaned: result.items.reduce((sum, item) => sum + (item.orphans?.length ?? 0), 0),
    duration: Math.max(0, end - start),
  };
  for (const item of result.items) {
    const span = itemSpan(item, Math.max(end, runEnd));
    const reported = { index: items.length, target, result: item, ...(span && { span }) };
    target.items.push(reported);
    target.byId.set(item.id, reported);
    items.push(reported);
  }
  return target;
}

function itemSpan(item: ResultItem, runEnd: number): ItemSpan | undefined {
  const start = parseTime(item.startedAt);
  if (start === undefined) return undefined;
  const end = parseTime(item.endedAt);
  return { start, end: Math.max(start, end ?? runEnd), open: end === undefined };
}

export function countOutcomes(items: readonly ResultItem[]): OutcomeCounts {
  const counts: OutcomeCounts = { deleted: 0, skipped: 0, blocked: 0, failed: 0 };
  for (const item of items) counts[item.outcome] += 1;
  return counts;
}
