import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import type { ServerProgress } from '../../src/temporal/index.js';
import { processIdentity } from '../../src/temporal/process-identity.js';
import { buildCli, cliModuleVersion } from '../../src/temporal/server-cli/build.js';
import { builtCliFolder } from '../../src/temporal/server-cli/cache.js';
import { obtainCli } from '../../src/temporal/server-cli/obtain.js';
import { temporalCliFolder } from '../../src/temporal/package-root.js';
import { fakeMachine, type FakeMachine } from '../support/temporal/fake-programs.js';
import { ended, removePrograms, runProgram } from '../support/temporal/program.js';
import { until } from '../support/temporal/until.js';

afterAll(removePrograms);

async function pidsOfBuilds(machine: FakeMachine): Promise<number[]> {
  const lines = (await readFile(machine.builds, 'utf8')).split('\n');
  return lines.filter((line) => line !== '').map(Number);
}

async function buildBegun(machine: FakeMachine, count = 1): Promise<number> {
  const begun = async (): Promise<boolean> => (await pidsOfBuilds(machine)).length === count;
  await until(`build ${count} begins`, begun);
  return (await pidsOfBuilds(machine)).at(-1)!;
}

const openGate = (machine: FakeMachine): Promise<void> => writeFile(machine.gate, '');

async function leftovers(machine: FakeMachine): Promise<string[]> {
  return readdir(await builtCliFolder(machine.env));
}

const program = `
import { obtainCli } from 'src/temporal/server-cli/obtain.js';
const cli = await obtainCli().catch((error) => { console.error(error.message); process.exit(3); });
process.send(cli);
process.disconnect();
`;

describe('the one-time build of the Temporal CLI', () => {
  it('puts a whole binary into the cache, and builds no second time', async () => {
    const machine = await fakeMachine();
    await openGate(machine);
    const cli = await obtainCli({ env: machine.env });
    expect(cli.how).toBe('built');
    expect(cli.path.startsWith(machine.cacheDir)).toBe(true);
    expect((await stat(cli.path)).mode & 0o111).not.toBe(0);
    expect(await obtainCli({ env: machine.env })).toEqual(cli);
    expect(await pidsOfBuilds(machine)).toHaveLength(1);
    expect(await leftovers(machine)).toEqual(['temporal']);
  });

  it('shows how far it is', async () => {
    const machine = await fakeMachine();
    const shown: ServerProgress[] = [];
    const onProgress = (progress: ServerProgress): void => void shown.push(progress);
    const building = obtainCli({ env: machine.env, onProgress });
    await until('one of the two packages is seen to be compiled', () =>
      shown.some(({ phase, done, total }) => phase === 'compiling' && done === 1 && total === 2),
    );
    await openGate(machine);
    await building;
  });

  it('is done by one process at a time: another waits, says so, and takes the result', async () => {
    const machine = await fakeMachine();
    const first = await runProgram(program, machine.env);
    await buildBegun(machine);
    const shown: ServerProgress[] = [];
    const onProgress = (progress: ServerProgress): void => void shown.push(progress);
    const second = obtainCli({ env: machine.env, onProgress });
    await until('the second is seen to wait', () => shown.some((one) => one.phase === 'waiting'));
    await openGate(machine);
    expect((await second).how).toBe('built');
    expect(await ended(first)).toBe(0);
    expect(await pidsOfBuilds(machine)).toHaveLength(1);
  });

  it('ends with the compiler, and leaves nothing, when it is interrupted', async () => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      const machine = await fakeMachine();
      const builder = await runProgram(program, machine.env);
      const pid = await buildBegun(machine);
      builder.kill(signal);
      expect(await ended(builder)).toBe(3);
      expect(await processIdentity(pid)).toBeUndefined();
      expect(await leftovers(machine)).toEqual([]);

      await openGate(machine);
      expect((await obtainCli({ env: machine.env })).how).toBe('built');
    }
  });

  it('stops when its caller aborts it', async () => {
    const machine = await fakeMachine();
    const controller = new AbortController();
    const building = obtainCli({ env: machine.env, signal: controller.signal });
    const pid = await buildBegun(machine);
    controller.abort(new Error('enough'));
    await expect(building).rejects.toThrow('enough');
    expect(await processIdentity(pid)).toBeUndefined();
    expect(await leftovers(machine)).toEqual([]);
  });

  it('is taken over, and its remains cleared, when its process was killed', async () => {
    const machine = await fakeMachine();
    const builder = await runProgram(program, machine.env);
    const pid = await buildBegun(machine);
    // The real compiler dies of its closed pipe at its next line; a shell does not.
    onTestFinished(() => void processIdentity(pid).then((id) => id && process.kill(-pid)));
    builder.kill('SIGKILL');
    await ended(builder);
    expect((await leftovers(machine)).some((name) => name.endsWith('.partial'))).toBe(true);

    const again = obtainCli({ env: machine.env });
    await buildBegun(machine, 2);
    process.kill(-pid, 'SIGKILL');
    await openGate(machine);
    expect((await again).how).toBe('built');
    expect(await leftovers(machine)).toEqual(['temporal']);
  });

  it('shows what the compiler said when it fails, and leaves nothing', async () => {
    const machine = await fakeMachine();
    const env = { ...machine.env, GO_FAILS: '1' };
    await expect(obtainCli({ env })).rejects.toMatchObject({
      code: 'NoTemporalServer',
      message: expect.stringContaining('no space left on device') as string,
      hint: expect.stringContaining('TEMPORAL_ADDRESS') as string,
    });
    expect(await leftovers(machine)).toEqual([]);
  });

  it('is done anew when the module that pins the CLI has changed', async () => {
    const machine = await fakeMachine();
    const moduleFolder = machine.cacheDir + '-module';
    await openGate(machine);
    const signal = new AbortController().signal;
    const options = { go: join(machine.env.PATH!.split(':')[0]!, 'go'), env: machine.env, signal };
    const paths = new Set<string>();
    for (const text of ['module one', 'module two', 'module two']) {
      await mkdir(moduleFolder, { recursive: true });
      await writeFile(join(moduleFolder, 'go.mod'), text);
      await writeFile(join(moduleFolder, 'go.sum'), '');
      paths.add(await buildCli({ ...options, moduleFolder }));
    }
    expect(paths.size).toBe(2);
    expect(await pidsOfBuilds(machine)).toHaveLength(2);
  });

  it('stamps the version that go.mod pins', async () => {
    const goMod = await readFile(join(temporalCliFolder(), 'go.mod'), 'utf8');
    expect(goMod).toContain(`github.com/temporalio/cli v${cliModuleVersion} `);
  });
});
