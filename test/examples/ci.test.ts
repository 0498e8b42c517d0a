import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { freePort } from '../../src/temporal/address.js';
import { packageRoot } from '../../src/temporal/package-root.js';
import { startCommand } from '../cli/support/command.js';
import { type Workspace, createWorkspace } from '../cli/support/workspace.js';

const job = join(packageRoot(), 'examples/ci/cleanup.mjs');
let workspace: Workspace;

beforeAll(async () => {
  workspace = await createWorkspace({ temporalAddress: inject('temporalAddress') });
});
afterAll(() => workspace.close());

function runJob(policies: string[], env: NodeJS.ProcessEnv = {}) {
  return startCommand([job, ...policies], {
    cwd: workspace.folder,
    env: { NIGHTSHIFT_CONFIG: 'nightshift.yaml', ...env },
  }).finished;
}

describe('the CI job of examples/ci', () => {
  it('fails soon without a worker', async () => {
    const { code, stderr } = await runJob([]);
    expect(stderr).toContain('no worker');
    expect(code).toBe(3);
  });

  it('fails for a policy that is not there, before anything is touched', async () => {
    await workspace.startWorker();
    const { code, stdout, stderr } = await runJob(['nope']);
    expect(stderr).toContain('InvalidInput');
    expect(stderr).toContain('there is no policy nope');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it('cleans, without AWS credentials of its own, and succeeds', async () => {
    const { code, stdout, stderr } = await runJob(['ephemeral-stacks']);
    expect(JSON.parse(stdout)).toMatchObject({
      status: 'completed',
      totals: { deleted: 2, failed: 0 },
    });
    expect(stderr).toContain('started cleanup-run-');
    expect(code).toBe(0);
  });

  it('fails where no server answers', async () => {
    const { code, stderr } = await runJob([], {
      NIGHTSHIFT_CONFIG: '',
      TEMPORAL_ADDRESS: `127.0.0.1:${await freePort()}`,
    });
    expect(stderr).toContain('NoTemporalServer');
    expect(code).toBe(3);
  });
});
