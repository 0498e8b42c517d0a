import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { dirname } from 'node:path';
import { obtainCli } from '../../src/temporal/server-cli/obtain.js';
import { until } from '../support/temporal/until.js';
import { startNightshift } from './support/command.js';
import { type Workspace, createWorkspace } from './support/workspace.js';

let workspace: Workspace;

beforeAll(async () => {
  workspace = await createWorkspace({ temporalAddress: inject('temporalAddress') });
});
afterAll(() => workspace.close());

describe('nightshift worker', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('polls until %s, then ends well', async (signal) => {
    const worker = await workspace.startWorker();
    const { stderr } = worker.written();
    expect(stderr).toContain(
      `worker polls the task queue "${workspace.taskQueue}" at ${inject('temporalAddress')}, namespace default; config ${workspace.folder}/nightshift.yaml\n`,
    );
    worker.signal(signal);
    const ended = await worker.finished;
    expect(ended.stderr).toContain('worker stops');
    expect(ended).toMatchObject({ code: 0, stdout: '' });
    // The SDK's advice on Node versions is not for users.
    expect(ended.stderr).not.toContain('NodeVersionSupportWarning');
  });
});

describe('nightshift sandbox', () => {
  it('runs the example fleet until SIGTERM, and says how to use it', async () => {
    const sandbox = workspace.start('sandbox', '--port', '0', '--speed', '600', '--seed', '3');
    await until('it is there', () => sandbox.written().stdout.includes('AWS_ENDPOINT_URL='));
    const { stdout } = sandbox.written();
    expect(stdout).toContain('600 times as fast as time, seed 3');
    const url = /AWS_ENDPOINT_URL=(\S+)/.exec(stdout)?.[1];
    expect((await fetch(`${url}/_sandbox/state`)).status).toBe(200);
    sandbox.signal('SIGTERM');
    expect((await sandbox.finished).code).toBe(0);
  });

  it('names a port that is taken, and a fleet that is not there, exit 2', async () => {
    const taken = createServer();
    const port = await new Promise<number>((resolve) => {
      taken.listen(0, '127.0.0.1', () => {
        const address = taken.address();
        resolve(typeof address === 'object' && address ? address.port : 0);
      });
    });
    const busy = await workspace.run('sandbox', '--port', String(port));
    await new Promise((resolve) => taken.close(resolve));
    expect(busy.stderr).toContain(`port ${port} is in use`);
    expect(busy.code).toBe(2);
    const fleet = await workspace.run('sandbox', '--fleet', 'nowhere.yaml', '--port', '0');
    expect(fleet.stderr).toContain('nowhere.yaml');
    expect(fleet.code).toBe(2);
  });
});

describe('nightshift dev', () => {
  it('uses the server that there is, and runs a worker until Ctrl-C', async () => {
    const dev = workspace.start('dev');
    await until('it is up', () => dev.written().stderr.includes('Ctrl-C ends it'));
    expect(dev.written().stdout).toContain(`Temporal   ${inject('temporalAddress')}`);
    expect((await workspace.run('cleanup', 'plan')).code).toBe(0);
    dev.signal('SIGINT');
    expect((await dev.finished).code).toBe(0);
  });

  it('starts a server with its UI where there is none, and ends it', async () => {
    const local = await createWorkspace();
    const path = [dirname((await obtainCli()).path), process.env['PATH']].join(':');
    const dev = startNightshift(['dev'], {
      ...local.options,
      env: { ...local.options.env, PATH: path },
    });
    try {
      await until('it is up', () => dev.written().stderr.includes('Ctrl-C ends it'));
      const { stdout } = dev.written();
      expect(stdout).toMatch(/^Temporal +127\.0\.0\.1:\d+, namespace default$/m);
      const ui = /^UI +(http\S+)$/m.exec(stdout)?.[1];
      // A machine may have a server on the default port: then that one is used, with a UI of its own.
      if (!stdout.includes('127.0.0.1:7233,')) expect((await fetch(ui!)).status).toBe(200);
      dev.signal('SIGINT');
      expect((await dev.finished).code).toBe(0);
      if (ui !== undefined) await expect(fetch(ui)).rejects.toThrow();
    } finally {
      dev.signal('SIGKILL');
      await local.close();
    }
  });
});
