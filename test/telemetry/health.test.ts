import { msNumberToTs } from '@temporalio/common/lib/time.js';
import { describe, expect, it } from 'vitest';
import { type TaskQueueDescriber, workerTrouble } from '../../src/telemetry/health.js';

const now = Date.parse('2026-01-02T03:04:05Z');
const query = { namespace: 'default', taskQueue: 'nightshift', host: 'a1b2c3', now };

function server(pollers: { identity: string; ago: number }[]): TaskQueueDescriber {
  return {
    workflowService: {
      describeTaskQueue: ({ namespace, taskQueue }) => {
        expect({ namespace, queue: taskQueue?.name }).toEqual({
          namespace: 'default',
          queue: 'nightshift',
        });
        return Promise.resolve({
          pollers: pollers.map(({ identity, ago }) => ({
            identity,
            lastAccessTime: msNumberToTs(now - ago),
          })),
        });
      },
    },
  };
}

describe('a worker', () => {
  it('is healthy when Temporal has lately seen it poll', async () => {
    const pollers = [
      { identity: '7@a1b2c3', ago: 60_000 },
      { identity: '6@a1b2c3', ago: 290_000 },
    ];
    expect(await workerTrouble(server(pollers), query)).toBeUndefined();
  });

  it("is not healthy because of another host's worker", async () => {
    const pollers = [
      { identity: '7@ffffff', ago: 1_000 },
      { identity: '7@a1b2c3d4', ago: 1_000 },
    ];
    expect(await workerTrouble(server(pollers), query)).toBe(
      'no worker on a1b2c3 polls task queue nightshift of namespace default',
    );
  });

  it('is not healthy when it stopped polling, and the reason says when', async () => {
    const pollers = [{ identity: '7@a1b2c3', ago: 200_000 }];
    expect(await workerTrouble(server(pollers), query)).toContain('2026-01-02T03:00:45.000Z');
  });
});
