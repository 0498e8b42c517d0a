import { Worker, NativeConnection } from '@temporalio/worker';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { nodeCheck, serverDoctor, type ServerCheck } from '../../src/temporal/index.js';
import { cliWithServer, fakeMachine } from '../support/temporal/fake-programs.js';
import { temporaryFolder } from '../support/temporal/folder.js';
import { nowhere } from '../support/temporal/strangers.js';
import { until } from '../support/temporal/until.js';

const running = inject('temporalAddress');

function check(checks: readonly ServerCheck[], name: string): ServerCheck {
  const found = checks.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no check "${name}"`);
  return found;
}

describe('the doctor', () => {
  it('tells which server was found and how, its namespace and its workers', async () => {
    const taskQueue = `doctor-${process.pid}`;
    const env = { ...(await fakeMachine()).env, TEMPORAL_ADDRESS: running };
    const options = { env, temporal: { taskQueue } };
    const before = await serverDoctor(options);
    const server = check(before, 'Temporal server');
    expect(server.ok).toBe(true);
    expect(server.detail).toContain(`${running} (TEMPORAL_ADDRESS), server 1.`);
    expect(check(before, 'Namespace')).toEqual({ name: 'Namespace', ok: true, detail: 'default' });
    expect(check(before, 'Workers')).toMatchObject({
      ok: false,
      detail: `none on the task queue "${taskQueue}"`,
      mend: expect.stringContaining('nightshift worker') as string,
    });

    const connection = await NativeConnection.connect({ address: running });
    onTestFinished(() => connection.close());
    const activities = { nothing: () => Promise.resolve() };
    const worker = await Worker.create({ connection, taskQueue, activities });
    await worker.runUntil(
      until('the worker is seen', async () => check(await serverDoctor(options), 'Workers').ok),
    );
  });

  it('tells a namespace that is not there, and how to make it', async () => {
    const env = { ...(await fakeMachine()).env, TEMPORAL_ADDRESS: running };
    const checks = await serverDoctor({ env, temporal: { namespace: 'elsewhere' } });
    expect(check(checks, 'Namespace')).toMatchObject({
      ok: false,
      detail: expect.stringContaining('elsewhere') as string,
      mend: expect.stringContaining('--namespace elsewhere') as string,
    });
  });

  it('tells that a server can be started here, and from what', async () => {
    const { env } = await fakeMachine();
    const options = { stateDir: await temporaryFolder(), defaultAddress: await nowhere() };
    const withGo = await serverDoctor({ ...options, env });
    expect(check(withGo, 'Temporal server')).toMatchObject({ ok: true });
    expect(check(withGo, 'Temporal CLI').detail).toContain('Go 1.25.3');

    const bin = await cliWithServer('1.30.0');
    const withCli = await serverDoctor({ ...options, env: { ...env, PATH: bin } });
    expect(check(withCli, 'Temporal CLI')).toMatchObject({
      ok: true,
      detail: `${bin}/temporal (on the PATH, server 1.30.0)`,
    });
  });

  it('tells the ways out where there is neither a server nor a way to start one', async () => {
    const { env } = await fakeMachine();
    const stateDir = await temporaryFolder();
    const bare = { ...env, PATH: stateDir };
    const checks = await serverDoctor({ env: bare, stateDir, defaultAddress: await nowhere() });
    const server = check(checks, 'Temporal server');
    expect(server.ok).toBe(false);
    expect(server.mend).toMatch(/TEMPORAL_ADDRESS.*on the PATH.*install Go/);
    expect(check(checks, 'Temporal CLI')).toMatchObject({ ok: false });
  });

  it('tells that a server that was named does not answer', async () => {
    const address = await nowhere();
    const env = { ...(await fakeMachine()).env, TEMPORAL_ADDRESS: address };
    const server = check(await serverDoctor({ env }), 'Temporal server');
    expect(server).toMatchObject({
      ok: false,
      detail: expect.stringContaining(address) as string,
    });
  });

  it('tells a Node that is too old', () => {
    expect(nodeCheck('20.18.9')).toMatchObject({ ok: false, detail: '20.18.9' });
    expect(nodeCheck('20.19.0').ok).toBe(true);
    expect(nodeCheck('24.0.0').ok).toBe(true);
  });
});
