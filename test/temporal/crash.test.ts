import { readFile } from 'node:fs/promises';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { ensureServer, findServer, startEmbeddedServer } from '../../src/temporal/index.js';
import { processIdentity } from '../../src/temporal/process-identity.js';
import { readRecord } from '../../src/temporal/server-record.js';
import { temporaryFolder } from '../support/temporal/folder.js';
import { ended, nextMessage, removePrograms, runProgram } from '../support/temporal/program.js';
import { quietPort } from '../support/temporal/quiet-port.js';
import { nowhere } from '../support/temporal/strangers.js';
import { until } from '../support/temporal/until.js';

const program = `
import { startEmbeddedServer } from 'src/temporal/index.js';
const port = process.env.PORT && Number(process.env.PORT);
const { address, pid } = await startEmbeddedServer({ stateDir: process.env.STATE_DIR, ...(port && { port }) });
process.send({ address, pid });
setInterval(() => undefined, 1000);
`;

const started = z.object({ address: z.string(), pid: z.number() });

afterAll(removePrograms);

describe('a server whose parent is killed', () => {
  it('goes on, is found again, and ends with the next who uses it', async () => {
    const stateDir = await temporaryFolder();
    const parent = await runProgram(program, { ...process.env, STATE_DIR: stateDir });
    const { address, pid } = started.parse(await nextMessage(parent));
    parent.kill('SIGKILL');
    expect(await ended(parent)).toBe('SIGKILL');

    const defaultAddress = await nowhere();
    const deadlineMs = 60_000;
    expect(await findServer({ stateDir, defaultAddress, deadlineMs })).toMatchObject({
      kind: 'recorded',
      address,
    });
    const again = await ensureServer({ local: true, stateDir, defaultAddress });
    onTestFinished(() => again.stop());
    expect(again).toMatchObject({ kind: 'embedded', address, pid, joined: true });
    await again.stop();
    expect(await processIdentity(pid)).toBeUndefined();
  });

  it('is found again even if it was only just starting', async () => {
    const stateDir = await temporaryFolder();
    const parent = await runProgram(program, { ...process.env, STATE_DIR: stateDir });
    await until('the server is recorded', async () => (await readRecord(stateDir)) !== undefined);
    const record = await readRecord(stateDir);
    parent.kill('SIGKILL');
    await ended(parent);

    const again = await startEmbeddedServer({ stateDir });
    onTestFinished(() => again.stop());
    expect(again).toMatchObject({ joined: true, pid: record?.server.pid });
  });

  it('is not ended by a Ctrl-C that ends its parent', async () => {
    const stateDir = await temporaryFolder();
    const parent = await runProgram(program, { ...process.env, STATE_DIR: stateDir });
    const { pid } = started.parse(await nextMessage(parent));
    parent.kill('SIGINT');
    await ended(parent);
    expect(await processIdentity(pid)).toBeDefined();
    const again = await startEmbeddedServer({ stateDir });
    expect(again.pid).toBe(pid);
    await again.stop();
  });

  it('is ended and started anew, on the same port, when it no longer answers', async () => {
    const stateDir = await temporaryFolder();
    const PORT = String(await quietPort());
    const parent = await runProgram(program, { ...process.env, STATE_DIR: stateDir, PORT });
    const { address, pid } = started.parse(await nextMessage(parent));
    parent.kill('SIGKILL');
    await ended(parent);
    process.kill(pid, 'SIGSTOP');
    // On a busy machine it may still answer once after the signal was sent.
    await until('the server is stopped', async () =>
      /\) T /.test(await readFile(`/proc/${pid}/stat`, 'utf8')),
    );

    const again = await startEmbeddedServer({ stateDir });
    onTestFinished(() => again.stop());
    expect(again).toMatchObject({ joined: false, address });
    expect(await processIdentity(pid)).toBeUndefined();
  });
});
