import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { describe, expect, it, onTestFinished } from 'vitest';
import { NightshiftError } from '../../src/domain/errors.js';
import { isPortFree, splitAddress } from '../../src/temporal/address.js';
import {
  ensureServer,
  startEmbeddedServer,
  type EmbeddedOptions,
  type EmbeddedServer,
  type TemporalTarget,
} from '../../src/temporal/index.js';
import { processIdentity } from '../../src/temporal/process-identity.js';
import { readRecord, writeRecord } from '../../src/temporal/server-record.js';
import { quietPort } from '../support/temporal/quiet-port.js';
import { temporaryFolder } from '../support/temporal/folder.js';
import { nowhere, webServer } from '../support/temporal/strangers.js';

/** Starts a server that is gone when the test ends, pass or fail. */
async function start(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const server = await startEmbeddedServer(options);
  onTestFinished(() => server.stop());
  return server;
}

async function withClient<T>(target: TemporalTarget, work: (c: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect(target.connectionOptions);
  try {
    return await work(new Client({ connection, namespace: target.namespace }));
  } finally {
    await connection.close();
  }
}

const lives = async (pid: number): Promise<boolean> => (await processIdentity(pid)) !== undefined;

describe('an embedded server', () => {
  it('keeps its state across a restart, on the same port, and leaves no process', async () => {
    const stateDir = await temporaryFolder();
    const first = await start({ stateDir, port: await quietPort() });
    const start1 = { workflowId: 'kept', taskQueue: 'nobody' };
    await withClient(first, (client) => client.workflow.start('anything', start1));
    await first.stop();
    expect(await lives(first.pid)).toBe(false);
    expect(await isPortFree(splitAddress(first.address).port)).toBe(true);

    const second = await start({ stateDir });
    expect(second.joined).toBe(false);
    expect(second.address).toBe(first.address);
    const kept = await withClient(second, (c) => c.workflow.getHandle('kept').describe());
    expect(kept).toMatchObject({ type: 'anything', status: { name: 'RUNNING' } });
  });

  it('has the namespace and the web pages that were asked for', async () => {
    const uiPort = await quietPort();
    const stateDir = await temporaryFolder();
    const server = await start({ stateDir, namespace: 'night', uiPort });
    expect(server).toMatchObject({ namespace: 'night', ui: `http://127.0.0.1:${uiPort}` });
    await withClient(server, (client) =>
      client.workflow.start('anything', { workflowId: 'a', taskQueue: 'nobody' }),
    );
    expect((await fetch(`http://127.0.0.1:${uiPort}`)).ok).toBe(true);
  });

  it('is shared by all that use its folder, and ends with the last of them', async () => {
    const stateDir = await temporaryFolder();
    const [one, two] = await Promise.all([start({ stateDir }), start({ stateDir })]);
    expect(two.pid).toBe(one.pid);
    expect([one.joined, two.joined].sort()).toEqual([false, true]);
    await one.stop();
    await one.stop();
    expect(await lives(one.pid)).toBe(true);
    await withClient(two, (client) => client.connection.ensureConnected());
    await two.stop();
    expect(await lives(one.pid)).toBe(false);
  });

  it('is started beside a server that was found, where it has to be its own', async () => {
    const other = await start({ stateDir: await temporaryFolder() });
    const env = { ...process.env, TEMPORAL_ADDRESS: other.address };
    const stateDir = await temporaryFolder();
    const own = await ensureServer({ local: true, embedded: 'own', stateDir, env });
    onTestFinished(() => own.stop());
    expect(own.kind).toBe('embedded');
    expect(own.address).not.toBe(other.address);
  });

  it('is joined by a command that may start one, and not ended by one that only looks', async () => {
    const stateDir = await temporaryFolder();
    const server = await start({ stateDir });
    const options = { stateDir, defaultAddress: await nowhere(), deadlineMs: 60_000 };
    const looking = await ensureServer({ ...options, local: false });
    expect(looking).toMatchObject({ kind: 'recorded', address: server.address });
    await looking.stop();
    const using = await ensureServer({ ...options, local: true });
    expect(using).toMatchObject({ kind: 'embedded', joined: true, pid: server.pid });
    await server.stop();
    expect(await lives(server.pid)).toBe(true);
    await using.stop();
    expect(await lives(server.pid)).toBe(false);
  });

  it('ends although its folder was deleted', async () => {
    const stateDir = await temporaryFolder();
    const server = await start({ stateDir });
    await rm(stateDir, { recursive: true });
    await server.stop();
    expect(await lives(server.pid)).toBe(false);
  });

  it('takes no notice of a record whose pid now is another process', async () => {
    const stateDir = await temporaryFolder();
    await writeRecord(stateDir, {
      address: await nowhere(),
      namespace: 'default',
      how: 'path',
      server: { pid: process.pid, identity: 'of an earlier process' },
      users: [],
    });
    const server = await start({ stateDir });
    expect(server.joined).toBe(false);
    expect((await readRecord(stateDir))?.server.pid).toBe(server.pid);
  });

  it('keeps its folder out of the repository', async () => {
    const stateDir = join(await temporaryFolder(), '.nightshift');
    await start({ stateDir });
    expect(await readFile(join(stateDir, '.gitignore'), 'utf8')).toBe('*\n');
  });
});

describe('an embedded server that can not start', () => {
  it('says so when the port that was asked for is taken by something else', async () => {
    const { port } = splitAddress(await webServer());
    const error = await startEmbeddedServer({ stateDir: await temporaryFolder(), port }).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(NightshiftError);
    expect(error).toMatchObject({
      code: 'NoTemporalServer',
      message: `Can't start the embedded server on 127.0.0.1:${port}: something that is not Temporal listens there`,
    });
  });

  it.each([
    ['is no database', 'not a database at all, but text of some length'],
    ['is empty', ''],
  ])('names its database when that %s', async (_, content) => {
    const stateDir = await temporaryFolder();
    await writeFile(join(stateDir, 'temporal.db'), content);
    await expect(startEmbeddedServer({ stateDir })).rejects.toMatchObject({
      code: 'NoTemporalServer',
      message: expect.stringContaining(`${join(stateDir, 'temporal.db')} is damaged`) as string,
      hint: expect.stringContaining('Move it away') as string,
    });
    expect(await readRecord(stateDir)).toBeUndefined();
  });

  it('names the folder that it may not write to', async () => {
    const file = join(await temporaryFolder(), 'file');
    await writeFile(file, '');
    await expect(startEmbeddedServer({ stateDir: join(file, 'state') })).rejects.toMatchObject({
      code: 'NoTemporalServer',
      message: expect.stringContaining(join(file, 'state')) as string,
    });
  });

  it('shows what the server printed when that ends at once', async () => {
    const stateDir = await temporaryFolder();
    const bin = join(await temporaryFolder(), 'bin');
    await mkdir(bin);
    const script = [
      '#!/bin/sh',
      'case "$1" in',
      '--version) echo "temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)" ;;',
      '*) echo "the sky is falling"; exit 1 ;;',
      'esac',
    ];
    await writeFile(join(bin, 'temporal'), script.join('\n'), { mode: 0o755 });
    const env = { ...process.env, PATH: `${bin}:${process.env.PATH ?? ''}` };
    await expect(startEmbeddedServer({ stateDir, env })).rejects.toMatchObject({
      code: 'NoTemporalServer',
      message: expect.stringContaining('the sky is falling') as string,
    });
  });
});
