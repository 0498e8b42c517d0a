import type { Client } from '@temporalio/client';
import type { TemporalTarget } from '../../src/temporal/index.js';
import { type Measurement, type NamedAim, withAims } from '../measurement.js';
import { mirror, product, withLine } from './line-stage.js';

const nights = 365;

// The server warns at these, and ends a workflow at five times as many.
const aims: readonly NamedAim[] = [
  { name: 'events of the longest history', limit: 10_240, at: 'most' },
  { name: 'MB of the largest history', limit: 10, at: 'most' },
  { name: 'images built', limit: nights, at: 'least' },
  { name: 'images built twice', limit: 0, at: 'most' },
];

/** A check each night for a year, and each night a version that is new. */
export async function benchYear(server: TemporalTarget): Promise<Measurement[]> {
  const bench = { versions: ['16.0.0-1'], oses: 1, architectures: ['x86_64'] };
  return await withLine(server, bench, async ({ line, admin, temporal }) => {
    const seen = new Map<string, { events: number; bytes: number }>();
    const started = Date.now();
    for (let night = 1; night <= nights; night += 1) {
      if (night > 1)
        await admin.addPackages(mirror, [{ name: product, versions: [`16.${night}.0-1`] }]);
      const { check } = await line.check();
      await line.settled(check);
      const { runId, ...history } = await historyOf(temporal, line.workflowId);
      seen.set(runId, history);
    }
    const seconds = (Date.now() - started) / 1000;
    const keys = (await admin.builds()).map(({ env }) => env['NIGHTSHIFT_KEY']?.value ?? '');
    const histories = [...seen.values()];
    return withAims(aims, [
      { name: 'events of the longest history', value: most(histories.map(({ events }) => events)) },
      {
        name: 'MB of the largest history',
        value: most(histories.map(({ bytes }) => bytes)) / 1e6,
      },
      { name: 'runs of the workflow, one continued as the next', value: seen.size },
      { name: 'images built', value: new Set(keys).size },
      { name: 'images built twice', value: keys.length - new Set(keys).size },
      { name: 'seconds a night', value: seconds / nights },
    ]);
  });
}

async function historyOf(client: Client, workflowId: string) {
  const { runId, historyLength, raw } = await client.workflow.getHandle(workflowId).describe();
  const bytes = Number(raw.workflowExecutionInfo?.historySizeBytes ?? 0);
  return { runId, events: historyLength, bytes };
}

function most(values: readonly number[]): number {
  return Math.max(0, ...values);
}
