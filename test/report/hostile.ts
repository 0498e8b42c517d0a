import type { RunResult } from '../../src/domain/cleanup/result.js';

/** Sets a flag on the page if anything makes a browser run it. */
export const attack = `</script><script>window.hacked=1</script><img src=x onerror="window.hacked=1">'"&<!--`;

/** A run in which everything that a stranger can name is an attack on whoever reads the report. */
export function hostileRun(): RunResult {
  const start = '2026-03-14T12:00:00.000Z';
  const end = '2026-03-14T12:01:00.000Z';
  const base = { id: attack, name: attack, policy: attack, attempts: 1, passes: 1, reason: attack };
  const times = { startedAt: start, endedAt: end };
  const orphans = [{ logicalId: attack, physicalId: attack, type: attack, reason: attack }];
  const event = { time: attack, logicalId: attack, type: attack, status: attack, reason: attack };
  const error = { code: attack, message: attack, hint: attack };
  const account = { id: '111111111111', name: attack };
  return {
    runId: attack,
    workflowId: attack,
    status: 'cancelled',
    reason: attack,
    ...times,
    policies: [attack],
    totals: { deleted: 1, skipped: 1, blocked: 1, failed: 1, orphaned: 1 },
    awsCalls: 9,
    targets: [
      {
        account,
        region: 'us-east-1',
        items: [
          { ...base, ...times, kind: 'stack', outcome: 'deleted', orphans },
          { ...base, id: `${attack}2`, kind: 'stack', outcome: 'skipped' },
          {
            ...base,
            id: `${attack}3`,
            kind: 'stack',
            outcome: 'blocked',
            blockedBy: [{ id: `${attack}x`, name: attack }],
            dependents: [attack],
          },
          {
            ...base,
            ...times,
            id: `${attack}4`,
            kind: 'stack',
            outcome: 'failed',
            failureClass: attack,
            events: [event],
          },
        ],
        error,
        passes: 1,
        awsCalls: 9,
        ...times,
      },
    ],
  };
}
