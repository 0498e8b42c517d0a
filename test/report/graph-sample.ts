import type { ResultItem, RunResult } from '../../src/domain/cleanup/result.js';
import { Random } from './random.js';

export interface GraphSize {
  nodes: number;
  /** How many layers deep. */
  layers: number;
  /** Edges from each node to the layer before its own, at most. */
  edges: number;
  seed: number;
}

/** A run over one target whose stacks all hang together: the worst that a drawing has to take. */
export function layeredRun({ nodes, layers, edges, seed }: GraphSize): RunResult {
  const random = new Random(seed);
  const start = Date.parse('2026-03-14T12:00:00Z');
  const rows: ResultItem[][] = [];
  for (let index = 0; index < nodes; index++) {
    const layer = index % layers;
    const earlier = rows[layer - 1] ?? [];
    const dependents = new Set(earlier.slice(0, 1).map((item) => item.id));
    for (let edge = 0; edge < edges && earlier.length > 0; edge++) {
      dependents.add(random.pick(earlier).id);
    }
    const from = start + layer * 60_000 + random.int(0, 5000);
    (rows[layer] ??= []).push({
      kind: 'stack',
      id: `arn:aws:cloudformation:us-east-1:111111111111:stack/node-${index}/${index}`,
      name: `node-${index}`,
      policy: 'p',
      wave: layer,
      dependents: [...dependents],
      outcome: 'deleted',
      attempts: 1,
      passes: 1,
      startedAt: new Date(from).toISOString(),
      endedAt: new Date(from + random.int(5000, 50_000)).toISOString(),
    });
  }
  const times = {
    startedAt: new Date(start).toISOString(),
    endedAt: new Date(start + layers * 60_000).toISOString(),
  };
  const account = { id: '111111111111', name: 'dev' };
  return {
    runId: 'run',
    workflowId: 'cleanup',
    status: 'completed',
    ...times,
    policies: ['p'],
    totals: { deleted: nodes, skipped: 0, blocked: 0, failed: 0, orphaned: 0 },
    awsCalls: nodes,
    targets: [
      { account, region: 'us-east-1', items: rows.flat(), passes: 1, awsCalls: nodes, ...times },
    ],
  };
}
