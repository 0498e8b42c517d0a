import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ServerProgress } from '../../src/temporal/index.js';
import { obtainCli } from '../../src/temporal/server-cli/obtain.js';
import { downloadedCliFolder } from '../../src/temporal/server-cli/cache.js';
import { sdkVersion } from '../../src/temporal/server-cli/download.js';
import { onPath } from '../../src/temporal/server-cli/on-path.js';
import {
  cliWithServer,
  fakeMachine,
  writeProgram,
  type FakeMachine,
} from '../support/temporal/fake-programs.js';
import { nowhere, silentStranger } from '../support/temporal/strangers.js';

/** The machine with this folder before all others on its PATH. */
function withBin(machine: FakeMachine, bin: string): NodeJS.ProcessEnv {
  return { ...machine.env, PATH: `${bin}:${machine.env.PATH ?? ''}` };
}

async function withoutGo(machine: FakeMachine): Promise<NodeJS.ProcessEnv> {
  await rm((await onPath('go', machine.env))!);
  return { ...machine.env, PATH: machine.env.PATH!.split(':')[0] };
}

describe('the Temporal CLI', () => {
  it('is the one on the PATH, where that is recent', async () => {
    const machine = await fakeMachine();
    const bin = await cliWithServer('1.30.0');
    const cli = await obtainCli({ env: withBin(machine, bin) });
    expect(cli).toEqual({ path: join(bin, 'temporal'), how: 'path' });
  });

  it('is not the one on the PATH, where that is old or no CLI at all', async () => {
    const machine = await fakeMachine();
    const old = await withoutGo(machine);
    const bin = await cliWithServer('1.20.0');
    await expect(obtainCli({ env: { ...old, PATH: `${bin}:${old.PATH ?? ''}` } })).rejects.toThrow(
      `${join(bin, 'temporal')} has server 1.20.0, older than`,
    );
    await writeProgram(join(bin, 'temporal'), '#!/bin/sh\nexit 1\n');
    await expect(obtainCli({ env: { ...old, PATH: `${bin}:${old.PATH ?? ''}` } })).rejects.toThrow(
      /not a Temporal CLI/,
    );
  });

  it('is one that was downloaded earlier, but never half of one', async () => {
    const machine = await fakeMachine();
    const env = await withoutGo(machine);
    const folder = downloadedCliFolder(sdkVersion(), env);
    await writeProgram(join(folder, 'temporal-sdk.downloading'), '#!/bin/sh\n');
    await expect(obtainCli({ env })).rejects.toThrow(/no Temporal CLI/);
    const path = join(folder, `temporal-sdk-typescript-${sdkVersion()}`);
    await writeProgram(path, '#!/bin/sh\n');
    expect(await obtainCli({ env })).toEqual({ path, how: 'download' });
  });

  it('is not waited for when a download stands still', async () => {
    const machine = await fakeMachine();
    const { NIGHTSHIFT_NO_DOWNLOAD: _no, ...bare } = await withoutGo(machine);
    const proxy = `http://${await silentStranger()}`;
    const env = { ...bare, HTTPS_PROXY: proxy, https_proxy: proxy };
    await expect(obtainCli({ env, downloadStallMs: 2000 })).rejects.toMatchObject({
      code: 'NoTemporalServer',
      message: expect.stringContaining('nothing came for 2 s') as string,
    });
  });

  it('is built where it can not be downloaded, and says why', async () => {
    const machine = await fakeMachine();
    const { NIGHTSHIFT_NO_DOWNLOAD: _no, ...bare } = machine.env;
    const proxy = `http://${await nowhere()}`;
    const notes: string[] = [];
    const onProgress = ({ phase, message }: ServerProgress): void => {
      if (phase === 'note') notes.push(message);
    };
    await writeFile(machine.gate, '');
    const env = { ...bare, HTTPS_PROXY: proxy, https_proxy: proxy };
    expect((await obtainCli({ env, onProgress })).how).toBe('built');
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(/could not be downloaded \(failed to download .*connect/i);
  });

  it('is missed with all that was tried and the ways out', async () => {
    const machine = await fakeMachine();
    await expect(obtainCli({ env: await withoutGo(machine) })).rejects.toMatchObject({
      code: 'NoTemporalServer',
      message:
        'There is no Temporal CLI: temporal is not on the PATH; NIGHTSHIFT_NO_DOWNLOAD forbids a download; go is not on the PATH',
      hint: expect.stringMatching(/TEMPORAL_ADDRESS[\s\S]*on the PATH[\s\S]*install Go/) as string,
    });
  });

  it('is not built with a Go that is too old', async () => {
    const machine = await fakeMachine();
    const go = (await onPath('go', machine.env))!;
    await writeProgram(go, '#!/bin/sh\necho "go version go1.19.8 linux/amd64"\n');
    await expect(obtainCli({ env: machine.env })).rejects.toThrow(`${go} is Go 1.19.8, too old`);
  });
});
