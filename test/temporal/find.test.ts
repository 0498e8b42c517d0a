import { describe, expect, inject, it } from 'vitest';
import { NightshiftError } from '../../src/domain/errors.js';
import { connectTemporal, ensureServer, findServer } from '../../src/temporal/index.js';
import { processIdentity } from '../../src/temporal/process-identity.js';
import { writeRecord, type ServerRecord } from '../../src/temporal/server-record.js';
import { temporaryFolder } from '../support/temporal/folder.js';
import { nowhere, silentStranger, webServer } from '../support/temporal/strangers.js';

const running = inject('temporalAddress');
/** What is there answers in the end, however slow the machine. */
const deadlineMs = 60_000;
const noProfile = { TEMPORAL_CONFIG_FILE: '/nonexistent/temporal.toml' };

/** As if this checkout had started the shared server, as that process. */
function recordOf(server: ServerRecord['server']): ServerRecord {
  return { address: running, namespace: 'default', how: 'path', server, users: [] };
}

async function failure(work: Promise<unknown>): Promise<NightshiftError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof NightshiftError)) throw new Error(`not one of ours: ${String(error)}`);
  return error;
}

function expectWaysOut(error: NightshiftError): void {
  expect(error.code).toBe('NoTemporalServer');
  expect(error.hint).toMatch(/TEMPORAL_ADDRESS.*docker compose up/);
  expect(error.hint).toMatch(/temporal.*on the PATH/);
  expect(error.hint).toMatch(/install Go/);
}

describe('a server that is named', () => {
  it('is used as it is', async () => {
    const env = { ...noProfile, TEMPORAL_ADDRESS: running };
    const found = await findServer({ env, defaultAddress: await nowhere(), deadlineMs });
    expect(found).toMatchObject({
      kind: 'configured',
      address: running,
      foundBy: 'TEMPORAL_ADDRESS',
    });
    expect(found?.version).toMatch(/^\d+\.\d+/);
    const server = await ensureServer({ local: true, env, deadlineMs });
    expect(server).toMatchObject({ kind: 'configured', address: running });
    await server.stop();
    expect(await findServer({ env, deadlineMs })).toBeDefined();
  });

  it('is never replaced by another when nothing listens there', async () => {
    const address = await nowhere();
    const env = { ...noProfile, TEMPORAL_ADDRESS: address };
    const stateDir = await temporaryFolder();
    for (const work of [
      () => findServer({ env, defaultAddress: running }),
      () => ensureServer({ local: true, env, stateDir, defaultAddress: running }),
      () => connectTemporal({ env, defaultAddress: running }),
    ]) {
      const error = await failure(work());
      expectWaysOut(error);
      expect(error.message).toContain(address);
      expect(error.message).toContain('TEMPORAL_ADDRESS');
    }
  });

  it('is given up within the deadline when it never answers', async () => {
    const env = { ...noProfile, TEMPORAL_ADDRESS: await silentStranger() };
    expectWaysOut(await failure(findServer({ env, deadlineMs: 1000 })));
  });
});

describe('a server that nobody named', () => {
  it('is the one on the default port', async () => {
    const stateDir = await temporaryFolder();
    const options = { env: noProfile, stateDir, defaultAddress: running, deadlineMs };
    expect(await findServer(options)).toMatchObject({ kind: 'default', address: running });
    expect(await connectTemporal(options)).toMatchObject({
      address: running,
      namespace: 'default',
      connectionOptions: { address: running },
    });
  });

  it('is not anything else on the default port', async () => {
    const stateDir = await temporaryFolder();
    for (const stranger of [await silentStranger(), await webServer(), await nowhere()]) {
      const options = { env: noProfile, stateDir, defaultAddress: stranger };
      expect(await findServer(options)).toBeUndefined();
    }
  });

  it('is missed with the ways out by a command that starts none', async () => {
    const options = { env: noProfile, stateDir: await temporaryFolder() };
    const defaultAddress = await nowhere();
    expectWaysOut(await failure(ensureServer({ ...options, defaultAddress, local: false })));
    expectWaysOut(await failure(connectTemporal({ ...options, defaultAddress })));
  });

  it('is the one that this checkout runs, where the default port has none', async () => {
    const stateDir = await temporaryFolder();
    const identity = (await processIdentity(process.pid))!;
    await writeRecord(stateDir, recordOf({ pid: process.pid, identity }));
    const defaultAddress = await nowhere();
    const options = { env: noProfile, stateDir, defaultAddress, deadlineMs };
    expect(await findServer(options)).toMatchObject({ kind: 'recorded', address: running });
  });

  it('is not what a record names whose process is gone and its pid given to another', async () => {
    const stateDir = await temporaryFolder();
    const server = { pid: process.pid, identity: 'of an earlier process' };
    await writeRecord(stateDir, recordOf(server));
    const options = { env: noProfile, stateDir, defaultAddress: await nowhere() };
    expect(await findServer(options)).toBeUndefined();
  });
});
