import type { SandboxAdmin } from '../../sandbox/admin-client.js';
import type { BuildResult } from '../../src/client/index.js';
import type { Measurement } from '../measurement.js';
import { pollIntervalSeconds } from './cases.js';

/** Calls while all builds of a case ran, from the start of the last to the end of the first, by action. */
export async function steadyCalls(
  admin: SandboxAdmin,
  builds: readonly BuildResult[],
): Promise<Measurement[]> {
  const from = Math.max(...builds.map(({ startedAt }) => Date.parse(startedAt ?? '')));
  const to = Math.min(...builds.map(({ endedAt }) => Date.parse(endedAt ?? '')));
  const minutes = (to - from) / 60_000;
  const { actions } = await admin.ledgerSummary();
  const counts = new Map<string, number>();
  for (const [name, outcomes] of Object.entries(actions)) {
    const [service = '', action = ''] = name.split(':');
    const entries = await admin.ledger({ service, action });
    const within = entries.filter(({ time }) => isWithin(Date.parse(time), from, to)).length;
    const throttled = outcomes['throttled'] ?? 0;
    if (within > 0) counts.set(action, within);
    if (throttled > 0) counts.set(`${action} (throttled, over all)`, throttled);
  }
  const looks = counts.get('BatchGetBuilds') ?? 0;
  return [
    { name: 'sandbox minutes in which all of them ran', value: minutes },
    {
      name: 'BatchGetBuilds per poll interval',
      value: looks / ((minutes * 60) / pollIntervalSeconds),
    },
    ...[...counts].map(([action, count]) => ({
      name: `${action} per build and minute`,
      value: count / builds.length / minutes,
    })),
  ];
}

function isWithin(time: number, from: number, to: number): boolean {
  return time >= from && time <= to;
}
