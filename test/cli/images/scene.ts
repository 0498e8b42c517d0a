import { randomBytes, randomInt } from 'node:crypto';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { SandboxAdmin } from '../../../sandbox/admin-client.js';
import { defineFleet } from '../../../sandbox/fleet/load.js';
import { type Sandbox, startSandbox } from '../../../sandbox/index.js';
import { until } from '../../support/temporal/until.js';
import {
  type CommandOptions,
  type Finished,
  type Running,
  nightshift,
  startNightshift,
} from '../support/command.js';
import { sandboxEnv } from '../../support/sandbox-env.js';

export const region = 'ap-southeast-2';
const baseImage = 'ami-0123456789abcdef0';

/** A folder with a config of three lines, a mirror and projects that build images, and a task queue of its own. */
export interface Scene {
  folder: string;
  /** Four images, of which the first check builds three; one fails twice, which is as often as it is tried. */
  line: string;
  /** In two channels, `dev` and `release`; a build takes longer than any test. */
  slow: string;
  config: Record<string, unknown>;
  sandbox: Sandbox;
  admin: SandboxAdmin;
  options: CommandOptions;
  run(...args: string[]): Promise<Finished>;
  start(...args: string[]): Running;
  /** Starts `nightshift worker` and waits until it polls. */
  startWorker(): Promise<Running>;
  /** Writes a config beside the usual one; its path. */
  writeConfig(name: string, config: object): Promise<string>;
  close(): Promise<void>;
}

export async function createScene(
  temporal: { address: string; namespace?: string },
  line: object = {},
): Promise<Scene> {
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'nightshift-images-'));
  const accountId = String(randomInt(100_000_000_000, 999_999_999_999));
  const place = { account: 'dev-1', region };
  const sandbox = await startSandbox({
    speed: 100,
    fleet: defineFleet({
      regions: [region],
      accounts: [{ id: accountId, name: 'dev-1' }],
      projects: [
        {
          ...place,
          name: 'image-build',
          image: {},
          behaviour: {
            fail: {
              kind: 'command',
              times: 2,
              when: { NIGHTSHIFT_BASE_OS: 'rocky9', NIGHTSHIFT_VERSION: '16.10.0-1' },
            },
          },
        },
        { ...place, name: 'slow-build', image: {}, behaviour: { phases: { BUILD: 1_000_000 } } },
      ],
      images: [{ ...place, id: baseImage, name: 'base', owner: 'amazon' }],
      mirrors: [
        {
          name: 'el9',
          kind: 'rpm',
          packages: [{ name: 'gitlab-runner', versions: ['16.10.0-1', '16.11.0-1'] }],
        },
      ],
    }),
  });
  const suffix = randomBytes(4).toString('hex');
  const [name, slow] = [`runner-${suffix}`, `slow-${suffix}`];
  const common = {
    ...place,
    product: 'gitlab-runner',
    source: { rpm: `${sandbox.url}/mirror/el9` },
    baseOs: [
      { name: 'al2023', baseImage },
      { name: 'rocky9', baseImage },
    ],
  };
  const slowLine = { ...common, line: slow, builder: { codebuild: { project: 'slow-build' } } };
  const config = {
    accounts: {
      list: [{ name: 'dev-1', id: accountId }],
      role: 'arn:aws:iam::{accountId}:role/nightshift-spoke',
    },
    builds: { pollInterval: '100ms', logDrain: '100ms', logWait: '2s' },
    pace: { retryDelay: '20ms' },
    temporal: { ...temporal, taskQueue: `images-${suffix}` },
    images: [
      {
        ...common,
        line: name,
        builder: { codebuild: { project: 'image-build' } },
        attempts: { most: 2, delay: '50ms', factor: 1 },
        firstRunLimit: 3,
        ...line,
      },
      slowLine,
      { ...slowLine, channel: 'release' },
    ],
  };
  const options: CommandOptions = {
    cwd: folder,
    env: sandboxEnv(sandbox.url, region),
  };
  const started: Running[] = [];
  const start = (...args: string[]) => {
    const running = startNightshift(args, options);
    started.push(running);
    return running;
  };
  const writeConfig = async (file: string, content: object) => {
    await writeFile(join(folder, file), stringify(content));
    return join(folder, file);
  };
  await writeConfig('nightshift.yaml', config);
  return {
    folder,
    line: name,
    slow,
    config,
    sandbox,
    admin: new SandboxAdmin(sandbox.url),
    options,
    run: (...args) => nightshift(args, options),
    start,
    startWorker: async () => {
      const worker = start('worker', '--log-level', 'error');
      let ended = false;
      void worker.finished.then(() => (ended = true));
      await until('the worker polls', () => {
        const { stderr } = worker.written();
        if (ended) throw new Error(`the worker ended: ${stderr}`);
        return stderr.includes('worker polls');
      });
      return worker;
    },
    writeConfig,
    close: async () => {
      for (const running of started) running.signal('SIGKILL');
      await Promise.all(started.map(({ finished }) => finished));
      await sandbox.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
