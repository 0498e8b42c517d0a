import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../sandbox/index.js';
import { sandboxEnv } from '../../support/sandbox-env.js';
import { until } from '../../support/temporal/until.js';
import {
  type CommandOptions,
  type Finished,
  type Running,
  nightshift,
  startNightshift,
} from './command.js';

/** A folder that commands are run in, and the sandbox that they speak to. */
export interface CommandFolder {
  folder: string;
  sandbox: Sandbox;
  options: CommandOptions;
  run(...args: string[]): Promise<Finished>;
  /** Ended with the folder, if it goes on by then. */
  start(...args: string[]): Running;
  /** Starts `nightshift worker` and waits until it polls. */
  startWorker(): Promise<Running>;
  /** Writes a config, in place of what is there; its path. */
  writeConfig(config: object, name?: string): Promise<string>;
  close(): Promise<void>;
}

/** @param name of the folder: whose it is, when one is left behind */
export async function createCommandFolder(
  name: string,
  region: string,
  options: SandboxOptions,
): Promise<CommandFolder> {
  const folder = await mkdtemp(join(await realpath(tmpdir()), `nightshift-${name}-`));
  const sandbox = await startSandbox(options);
  const command: CommandOptions = { cwd: folder, env: sandboxEnv(sandbox.url, region) };
  const started: Running[] = [];
  const start = (...args: string[]) => {
    const running = startNightshift(args, command);
    started.push(running);
    return running;
  };
  return {
    folder,
    sandbox,
    options: command,
    run: (...args) => nightshift(args, command),
    start,
    startWorker: async () => {
      const worker = start('worker', '--log-level', 'error');
      await untilSaid(worker, 'worker polls');
      return worker;
    },
    writeConfig: async (config, file = 'nightshift.yaml') => {
      const path = join(folder, file);
      await writeFile(path, stringify(config));
      return path;
    },
    close: async () => {
      for (const running of started) running.signal('SIGKILL');
      await Promise.all(started.map(({ finished }) => finished));
      await sandbox.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Waits until a process has written something on stderr. */
export async function untilSaid(running: Running, words: string): Promise<void> {
  let ended: Finished | undefined;
  void running.finished.then((finished) => (ended = finished));
  await until(`it says ${words}`, () => {
    const { stderr } = running.written();
    if (ended && !stderr.includes(words)) throw new Error(`it ended: ${stderr}`);
    return stderr.includes(words);
  });
}
