import { Connection } from '@temporalio/client';
import { criticalPathSeconds, defineFleet, placedStacks } from '../../sandbox/index.js';
import type { SandboxAdmin } from '../../sandbox/admin-client.js';
import type { RunResult } from '../../src/client/index.js';
import { configSchema } from '../../src/domain/config/index.js';
import { parsePolicies } from '../../src/domain/policy/index.js';
import type { TemporalTarget } from '../../src/temporal/index.js';
import { type Measurement, withAims } from '../measurement.js';
import { Stage } from '../stage.js';
import { z } from 'zod';
import { type CleanupCase, configOf, policyDocuments } from './cases.js';

/** Runs one case in fresh processes and measures it. */
export async function runCase(bench: CleanupCase, server: TemporalTarget): Promise<Measurement[]> {
  const stage = await Stage.set(bench, server);
  const started = Date.now();
  const run = await stage.nightshift.cleanup.run({
    setup: {
      config: configSchema.parse(configOf(bench)),
      policies: parsePolicies(policyDocuments[bench.policies], 'bench'),
    },
  });
  const summary = await run.summary();
  const wallSeconds = (Date.now() - started) / 1000;
  const result = await run.result();
  const events = await historyEvents(server, summary.targets);
  const { peakRss, cpuSeconds } = await stage.stopWorker();
  const measured = await measure(bench, result, stage.admin);
  await stage.stopSandbox(z.object({}));

  const deleted = Math.max(1, result.totals.deleted);
  return withAims(bench.aims, [
    ...measured,
    { name: 'workflow history events per deleted stack', value: events / deleted },
    { name: 'peak worker RSS in MB', value: peakRss / 2 ** 20 },
    { name: 'worker CPU seconds', value: cpuSeconds },
    { name: 'wall seconds', value: wallSeconds },
  ]);
}

async function measure(
  bench: CleanupCase,
  result: RunResult,
  admin: SandboxAdmin,
): Promise<Measurement[]> {
  const { calls, effectiveDeletes } = await admin.ledgerSummary();
  const { deleted, failed } = result.totals;
  const common = [
    { name: 'deleted', value: deleted },
    { name: 'failed', value: failed },
  ];
  if (bench.policies === 'buckets') {
    const [item] = result.targets.flatMap(({ items }) => items);
    const seconds = (Date.parse(item?.endedAt ?? '') - Date.parse(item?.startedAt ?? '')) / 1000;
    const versions =
      bench.fleet.buckets?.reduce((sum, bucket) => sum + (bucket.versions ?? 0), 0) ?? 0;
    return [...common, { name: 'versions per second', value: versions / seconds }];
  }
  const spans = result.targets
    .flatMap(({ items }) => items)
    .flatMap(({ startedAt, endedAt }) =>
      startedAt && endedAt ? [{ from: Date.parse(startedAt), to: Date.parse(endedAt) }] : [],
    );
  const real = (Date.parse(result.endedAt) - Math.min(...spans.map(({ from }) => from))) / 1000;
  const path = criticalPathSeconds(placedStacks(defineFleet(bench.fleet)));
  const ofStacks = Object.values(effectiveDeletes['DeleteStack'] ?? {});
  return [
    ...common,
    { name: 'critical path in sandbox seconds', value: path },
    { name: 'makespan ÷ critical path', value: (real * bench.speed) / path },
    { name: 'AWS calls per deleted stack', value: calls / Math.max(1, deleted) },
    { name: 'stacks deleted in the ledger', value: ofStacks.length },
    { name: 'most effective deletes of one stack', value: Math.max(0, ...ofStacks) },
  ];
}

async function historyEvents(
  server: TemporalTarget,
  targets: readonly { workflowId?: string; runId?: string }[],
): Promise<number> {
  const connection = await Connection.connect(server.connectionOptions);
  let events = 0;
  for (const { workflowId, runId } of targets) {
    const answer = await connection.workflowService.describeWorkflowExecution({
      namespace: server.namespace,
      execution: { workflowId, runId },
    });
    events += Number(answer.workflowExecutionInfo?.historyLength ?? 0);
  }
  await connection.close();
  return events;
}
