import { Connection } from '@temporalio/client';
import { criticalPathSeconds, defineFleet, placedStacks } from '../../sandbox/index.js';
import { SandboxAdmin } from '../../sandbox/admin-client.js';
import { NightshiftClient, type RunResult } from '../../src/client/index.js';
import { configSchema } from '../../src/domain/config/index.js';
import { parsePolicies } from '../../src/domain/policy/index.js';
import type { TemporalTarget } from '../../src/temporal/index.js';
import {
  BenchProcess,
  type SandboxMessage,
  type WorkerMessage,
  sandboxReady,
  workerLast,
  workerReady,
} from '../processes.js';
import { z } from 'zod';
import { type CleanupCase, configOf, policyDocuments } from './cases.js';

export interface Measurement {
  name: string;
  value: number;
  aim?: { limit: number; at: 'most' | 'least' };
}

/** Runs one case in fresh processes and measures it. */
export async function runCase(bench: CleanupCase, server: TemporalTarget): Promise<Measurement[]> {
  const sandbox = await BenchProcess.start('./sandbox-process.js', {
    message: { fleet: bench.fleet, speed: bench.speed } satisfies SandboxMessage,
    ready: sandboxReady,
  });
  const taskQueue = `bench-${bench.name}-${process.pid}`;
  const { url } = sandbox.ready;
  const worker = await BenchProcess.start('./worker-process.js', {
    message: { address: server.address, taskQueue } satisfies WorkerMessage,
    ready: workerReady,
    env: {
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: '000000000000',
      AWS_SECRET_ACCESS_KEY: 'sandbox',
      AWS_REGION: 'ap-southeast-2',
    },
  });
  const nightshift = await NightshiftClient.connect({ server, taskQueue });
  const started = Date.now();
  const run = await nightshift.cleanup.run({
    setup: {
      config: configSchema.parse(configOf(bench)),
      policies: parsePolicies(policyDocuments[bench.policies], 'bench'),
    },
  });
  const summary = await run.summary();
  const wallSeconds = (Date.now() - started) / 1000;
  const result = await run.result();
  const events = await historyEvents(server, summary.targets);
  await nightshift.close();
  const { peakRss, cpuSeconds } = await worker.stop(workerLast);
  const measured = await measure(bench, result, new SandboxAdmin(url));
  await sandbox.stop(z.object({}));

  const deleted = Math.max(1, result.totals.deleted);
  return withAims(bench, [
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

function withAims({ aims }: CleanupCase, measurements: Measurement[]): Measurement[] {
  return measurements.map((measurement) => {
    const aim = aims.find(({ name }) => name === measurement.name);
    return aim ? { ...measurement, aim } : measurement;
  });
}
