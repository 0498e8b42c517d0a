import type { NightshiftClient } from '../../client/index.js';
import type { UsableServer } from '../../temporal/index.js';
import { DemoChild } from './child.js';
import type { DemoFolder } from './folder.js';

export interface DemoWorker {
  process: DemoChild;
  /** 1 for the first. */
  number: number;
  /** Resolves when the server has seen it poll. */
  ready: Promise<void>;
}

/** Starts the processes of a demo, and ends all of them. */
export class DemoProcesses {
  private readonly children = new Set<DemoChild>();
  private readonly broken = new AbortController();
  private readonly workers = new Set<DemoChild>();
  /** Aborted when the demo is to end: it was told to, or one of its processes has ended by itself. */
  readonly signal: AbortSignal;

  constructor(
    private readonly folder: DemoFolder,
    private readonly server: UsableServer,
    stop: AbortSignal,
  ) {
    this.signal = AbortSignal.any([stop, this.broken.signal]);
  }

  /** Starts the sandbox. @param speed sandbox seconds in a second */
  async startSandbox(fleet: string, speed: number): Promise<{ url: string; pid: number }> {
    const child = await this.start('the sandbox', 'sandbox.log', [
      ...['sandbox', '--port', '0', '--fleet', fleet, '--speed', String(speed)],
    ]);
    const url = await child.ready(
      async () => /^sandbox at (http:\S+),/m.exec(await child.printed())?.[1],
      this.signal,
    );
    return { url, pid: child.pid };
  }

  /** Starts a worker on the config, and doesn't wait for it. */
  async startWorker(
    config: string,
    sandbox: string,
    nightshift: NightshiftClient,
  ): Promise<DemoWorker> {
    const number = this.workers.size + 1;
    const process = await this.start(
      `worker ${number}`,
      `worker-${number}.log`,
      ['worker', '--config', config, '--log-format', 'json'],
      awsEnvironment(sandbox),
    );
    this.workers.add(process);
    const polls = async () =>
      (await nightshift.workers()).some((identity) => identity.startsWith(`${process.pid}@`)) ||
      undefined;
    const ready = process.ready(polls, this.signal).then(() => undefined);
    // Whether or not somebody waits for it, a demo without its worker is over.
    ready.catch((error: unknown) => this.broken.abort(error));
    return { process, number, ready };
  }

  /** Returns when none of them is left. Without `now`, a worker may finish what it is at. */
  async end({ now }: { now: boolean }): Promise<void> {
    // The workers first: they hand over to a server and a sandbox that are still there.
    for (const child of [...this.children].reverse()) {
      const isWorker = this.workers.has(child);
      // A sandbox that is killed could not end the builds that run in it.
      await (now && isWorker ? child.kill() : child.stop());
    }
  }

  private async start(
    name: string,
    log: string,
    args: readonly string[],
    more: NodeJS.ProcessEnv = {},
  ): Promise<DemoChild> {
    const env = { ...withoutAws(process.env), ...more, ...this.serverEnvironment() };
    const child = await DemoChild.start({ name, args, log: this.folder.file(log), env });
    this.children.add(child);
    child.onUnexpectedEnd((error) => this.broken.abort(error));
    this.signal.throwIfAborted();
    return child;
  }

  /** So that the last one left ends the Temporal server, should the demo be killed. */
  private serverEnvironment(): NodeJS.ProcessEnv {
    return this.server.kind === 'embedded' ? { NIGHTSHIFT_DEMO_SERVER: '.nightshift' } : {};
  }
}

/** Whatever AWS the user has set up: a demo must have no way to it. */
function withoutAws(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !/^(AWS_|NIGHTSHIFT_CONFIG$)/.test(name));
  return Object.fromEntries(kept);
}

function awsEnvironment(sandbox: string): NodeJS.ProcessEnv {
  return {
    AWS_ENDPOINT_URL: sandbox,
    // To the sandbox, an account's id is its access key; this one is the management account's.
    AWS_ACCESS_KEY_ID: '000000000000',
    AWS_SECRET_ACCESS_KEY: 'sandbox',
    AWS_REGION: 'ap-southeast-2',
    AWS_CONFIG_FILE: '/nonexistent',
    AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}
