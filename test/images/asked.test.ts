import { expect, test, vi } from 'vitest';
import type { Caller } from '../../src/client/caller.js';
import { LineHandle } from '../../src/client/images.js';

vi.mock('node:timers/promises', () => ({ setTimeout: () => Promise.resolve() }));

const refused = new Error('Update-with-Start could not be executed.', {
  cause: new Error(
    'Unable to perform workflow execution update due to Workflow Task in failed state.',
  ),
});

function lineOf(executeUpdateWithStart: () => Promise<unknown>): LineHandle {
  const caller = {
    client: { workflow: { executeUpdateWithStart } },
    taskQueue: 'nightshift',
    until: (_signal: unknown, work: () => Promise<unknown>) => work(),
  };
  return new LineHandle(caller as unknown as Caller, { line: 'runner', channel: 'dev' }, undefined);
}

test('a line whose workers are lost for a moment is asked again', async () => {
  const ask = vi.fn().mockRejectedValueOnce(refused).mockResolvedValue({ check: 1 });
  expect(await lineOf(ask).check()).toEqual({ check: 1 });
  expect(ask).toHaveBeenCalledTimes(2);
});

test('a line whose workers are lost for a minute says so, and what to look at', async () => {
  const ask = vi.fn().mockRejectedValue(refused);
  await expect(lineOf(ask).check()).rejects.toMatchObject({
    code: 'NoTemporalServer',
    message: expect.stringContaining(
      'line runner/dev can’t be asked: its workers are lost',
    ) as string,
    hint: expect.stringContaining('the log of the workers') as string,
    retryable: true,
  });
  expect(ask).toHaveBeenCalledTimes(30);
});
