import { randomUUID } from 'node:crypto';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { stringify } from 'yaml';
import { SandboxAdmin } from '../../sandbox/admin-client.js';
import { type Sandbox, defineFleet, startSandbox } from '../../sandbox/index.js';
import { packageRoot } from '../../src/temporal/package-root.js';
import { type Running, startCommand, startNightshift } from '../cli/support/command.js';
import { until } from '../builds/scenario.js';
import { sandboxEnv } from '../support/sandbox-env.js';

const job = join(packageRoot(), 'examples/ci/build.mjs');
const region = 'ap-southeast-2';
const account = { id: '111111111111', name: 'dev-1' };
const place = { account: account.name, region };

let folder: string;
let sandbox: Sandbox;
let worker: Running | undefined;

function spec(command: string): string {
  return `version: 0.2\nphases:\n  build:\n    commands:\n      - ${command}\n`;
}

beforeAll(async () => {
  folder = await mkdtemp(join(await realpath(tmpdir()), 'nightshift-ci-build-'));
  const project = (name: string, command: string) => ({
    ...place,
    name,
    execute: true,
    buildspec: spec(command),
  });
  sandbox = await startSandbox({
    fleet: defineFleet({
      regions: [region],
      accounts: [account],
      projects: [
        project('good', 'echo built'),
        project('bad', 'exit 7'),
        project('long', 'sleep 900'),
      ],
    }),
    speed: 10,
  });
  const presets = Object.fromEntries(
    ['good', 'bad', 'long'].map((name) => [name, { ...place, project: name }]),
  );
  await writeFile(
    join(folder, 'nightshift.yaml'),
    stringify({
      builds: { pollInterval: '100ms', logDrain: '300ms', logWait: '500ms', presets },
      temporal: { address: inject('temporalAddress'), taskQueue: `ci-build-${randomUUID()}` },
    }),
  );
});
afterAll(async () => {
  worker?.signal('SIGTERM');
  await worker?.finished;
  await sandbox.close();
  await rm(folder, { recursive: true, force: true });
});

function startJob(preset: string): Running {
  return startCommand([job, preset], {
    cwd: folder,
    env: { NIGHTSHIFT_CONFIG: 'nightshift.yaml' },
  });
}

describe('the CI job that builds', () => {
  it('fails soon without a worker', async () => {
    const { code, stderr } = await startJob('good').finished;
    expect(stderr).toContain('no worker');
    expect(code).toBe(3);
  });

  it('shows the log and succeeds, without AWS credentials of its own', async () => {
    worker = startNightshift(['worker'], {
      cwd: folder,
      env: sandboxEnv(sandbox.url, region),
    });
    const started = worker;
    await until(() => started.written().stderr.includes('worker polls') || undefined);
    const { code, stdout, stderr } = await startJob('good').finished;
    const [build] = await new SandboxAdmin(sandbox.url).builds({ project: 'good' });
    expect(stderr).toContain(build?.id);
    expect(stdout).toContain('built\n');
    expect(code).toBe(0);
  });

  it('exits with the status of the command that failed', async () => {
    const { code, stderr } = await startJob('bad').finished;
    expect(stderr).toContain('FAILED');
    expect(code).toBe(7);
  });

  it('fails for a preset that is not there, before anything is started', async () => {
    const { code, stdout, stderr } = await startJob('nope').finished;
    expect(stderr).toContain('"nope" is not a preset');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it('stops its build when it is told to end', async () => {
    const admin = new SandboxAdmin(sandbox.url);
    const running = startJob('long');
    await until(() => running.written().stderr.includes('long:') || undefined);
    running.signal('SIGTERM');
    const { code, stderr } = await running.finished;
    expect(stderr).toContain('STOPPED');
    expect(code).toBe(1);
    expect(await admin.builds({ project: 'long' })).toMatchObject([{ status: 'STOPPED' }]);
  });
});
