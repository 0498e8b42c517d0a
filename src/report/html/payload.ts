import { formatDuration } from '../format.js';
import type { ReportItem, ReportModel } from '../model.js';
import { consoleLink } from './console-link.js';

/** One item as the page's script gets it: names by index, what is absent left out, times already formatted. */
export interface PayloadItem {
  target: number;
  policy: number;
  kind: string;
  outcome: string;
  name: string;
  id: string;
  attempts: number;
  passes: number;
  wave?: number;
  reason?: string;
  failureClass?: string;
  /** Milliseconds since the epoch. */
  start?: number;
  /** Milliseconds. */
  duration?: number;
  took?: string;
  open?: true;
  /** Indexes of the items that had to go first. */
  first?: number[];
  blockedBy?: string[];
  orphans?: string[];
  console?: string;
}

export interface Payload {
  runStart: number;
  targets: string[];
  policies: string[];
  items: PayloadItem[];
}

/** What the page's script needs for the table, the tooltips and the details of an item. */
export function reportPayload(model: ReportModel): Payload {
  const policies = [...new Set(model.items.map((item) => item.result.policy))].sort();
  const policyIndex = new Map(policies.map((policy, index) => [policy, index]));
  return {
    runStart: model.span.start,
    targets: model.targets.map((target) => target.name),
    policies,
    items: model.items.map((item) => payloadItem(item, policyIndex.get(item.result.policy) ?? 0)),
  };
}

function payloadItem(item: ReportItem, policy: number): PayloadItem {
  const { result, span } = item;
  const first = (result.dependents ?? []).flatMap((id) => item.target.byId.get(id)?.index ?? []);
  const blockedBy = (result.blockedBy ?? []).map((reference) => reference.name);
  const orphans = (result.orphans ?? []).map((o) => `${o.logicalId} (${o.type})`);
  const link = result.outcome === 'deleted' ? undefined : consoleLink(result, item.target.result);
  return {
    target: item.target.index,
    policy,
    kind: result.kind,
    outcome: result.outcome,
    name: result.name,
    id: result.id,
    attempts: result.attempts,
    passes: result.passes,
    ...(result.wave !== undefined && { wave: result.wave }),
    ...(result.reason !== undefined && { reason: result.reason }),
    ...(result.failureClass !== undefined && { failureClass: result.failureClass }),
    ...(span && {
      start: span.start,
      duration: span.end - span.start,
      took: formatDuration(span.end - span.start),
    }),
    ...(span?.open === true && { open: true as const }),
    ...(first.length > 0 && { first }),
    ...(blockedBy.length > 0 && { blockedBy }),
    ...(orphans.length > 0 && { orphans }),
    ...(link !== undefined && { console: link }),
  };
}
