import { existsSync } from 'node:fs';
import { StopBuildCommand, type CodeBuildClient } from '@aws-sdk/client-codebuild';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SandboxAdmin } from '../../admin-client.js';
import type { Sandbox } from '../../index.js';
import { codeBuildClient } from '../../testing/clients.js';
import {
  account,
  buildspecOf,
  contextsOf,
  ended,
  phasesOf,
  region,
  start,
  until,
  withProjects,
} from '../testing.js';

let sandbox: Sandbox;
let client: CodeBuildClient;
let admin: SandboxAdmin;
beforeEach(async () => {
  sandbox = await withProjects([{ name: 'real', execute: true }], {}, 60);
  client = codeBuildClient(sandbox.url, account, region);
  admin = new SandboxAdmin(sandbox.url);
});
afterEach(() => sandbox.close());

const textOf = async (id: string) => (await admin.buildLog(id)).text ?? '';

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A process that was killed stays for as long as its parent has not collected it. */
function gone(pids: number[]): Promise<true> {
  return until(() => (pids.some(isAlive) ? undefined : true));
}

describe('StopBuild', () => {
  const sleeper = buildspecOf('sleep 1000 & echo "pid $!"; echo "shell $$"; wait');

  const running = async (buildspecOverride = sleeper) => {
    const id = await start(client, 'real', { buildspecOverride });
    const pids = await until(async () => {
      const found = [...(await textOf(id)).matchAll(/^(?:pid|shell) (\d+)$/gm)];
      return found.length === 2 ? found.map((match) => Number(match[1])) : undefined;
    });
    return { id, pids };
  };

  test('kills all that the build has started, and keeps what it wrote', async () => {
    const { id, pids } = await running();
    expect(pids.map(isAlive)).toEqual([true, true]);
    await client.send(new StopBuildCommand({ id }));
    const build = await ended(client, id);
    expect(build.buildStatus).toBe('STOPPED');
    expect(phasesOf(build).slice(-2)).toEqual(['BUILD STOPPED', 'COMPLETED']);
    await gone(pids);
    expect((await textOf(id)).match(/^(pid|shell) /gm)).toHaveLength(2);
  });

  test.runIf(existsSync('/proc/self/environ'))(
    'kills what has left the process group, too',
    async () => {
      const { id, pids } = await running(
        buildspecOf('setsid sh -c \'echo "pid $$"; sleep 1000\' & echo "shell $$"; wait'),
      );
      await client.send(new StopBuildCommand({ id }));
      await ended(client, id);
      await gone(pids);
    },
  );

  test('a build that CodeBuild ends by itself is killed, too', async () => {
    const { id, pids } = await running();
    await admin.changeBuild({ id, status: 'FAULT', message: 'the host was lost' });
    const build = await ended(client, id);
    expect(build.buildStatus).toBe('FAULT');
    expect(contextsOf(build)).toEqual(['BUILD: FAULT the host was lost']);
    await gone(pids);
  });

  test('closing the sandbox kills what runs, and removes its folders', async () => {
    const { id, pids } = await running(
      buildspecOf('echo "home $HOME"; sleep 1000 & echo "pid $!"; echo "shell $$"; wait'),
    );
    const home = /^home (.+)$/m.exec(await textOf(id))?.[1] ?? '';
    expect(existsSync(home)).toBe(true);
    await sandbox.close();
    expect(existsSync(home)).toBe(false);
    await gone(pids);
  });
});

test('a process that a build leaves in the background goes with it, and so does its folder', async () => {
  const buildspecOverride = buildspecOf('sleep 1000 & echo "pid $!"', 'echo "home $HOME"');
  const id = await start(client, 'real', { buildspecOverride });
  expect((await ended(client, id)).buildStatus).toBe('SUCCEEDED');
  const [, pid, home] = /^pid (\d+)$.*^home (.+?)$/ms.exec(await textOf(id)) ?? [];
  await gone([Number(pid)]);
  await until(() => (existsSync(home ?? '/') ? undefined : true));
});

test('a build whose time is up is killed', async () => {
  const id = await start(client, 'real', { buildspecOverride: buildspecOf('sleep 1000') });
  await until(async () => (await admin.builds())[0]?.phase === 'BUILD' || undefined);
  sandbox.clock.skip(3_600);
  const build = await ended(client, id);
  expect(build.buildStatus).toBe('TIMED_OUT');
  expect(phasesOf(build).slice(-2)).toEqual(['BUILD TIMED_OUT', 'COMPLETED']);
});
