import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { runResultSchema } from '../../src/domain/cleanup/result.js';
import { until } from '../support/temporal/until.js';
import { type Workspace, createWorkspace } from './support/workspace.js';

let workspace: Workspace;

beforeAll(async () => {
  workspace = await createWorkspace({ temporalAddress: inject('temporalAddress'), speed: 1e-6 });
});
afterAll(() => workspace.close());

describe('a local run that is killed', () => {
  it('goes on by the same command: the same run, each stack deleted once', async () => {
    const deletes = () =>
      workspace.sandbox.ledger.entries({ action: 'DeleteStack', effective: true });
    const command = ['cleanup', 'run', '--local', '--yes', '--json'];
    const first = workspace.start(...command);
    await until('a delete has begun', () => deletes().length === 1);
    first.signal('SIGKILL');
    await first.finished;
    expect(first.written().stdout).toBe('');

    const second = workspace.start(...command);
    await until('it joins', () => second.written().stderr.includes('going on with'));
    // The clock stood still meanwhile; now what AWS was told comes to its end.
    const clock = setInterval(() => workspace.sandbox.clock.skip(10), 200);
    const { code, stdout } = await second.finished.finally(() => clearInterval(clock));
    const result = runResultSchema.parse(JSON.parse(stdout));
    expect(result).toMatchObject({ status: 'completed', totals: { deleted: 2, failed: 0 } });
    expect(deletes()).toHaveLength(2);
    expect(code).toBe(0);
  });
});
