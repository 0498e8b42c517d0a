import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, inject } from 'vitest';
import type { FleetInput } from '../../sandbox/fleet/schema.js';
import type { PlacedStackInput } from '../../sandbox/fleet/stack-schema.js';
import { SandboxAdmin } from '../../sandbox/admin-client.js';
import { type Sandbox, defineFleet, startSandbox } from '../../sandbox/index.js';
import {
  NightshiftClient,
  type Plan,
  type ResultItem,
  type RunHandle,
  type RunResult,
} from '../../src/client/index.js';
import type { CleanupRequest } from '../../src/domain/cleanup/input.js';
import { type ConfigInput, configSchema } from '../../src/domain/config/index.js';
import { parsePolicies } from '../../src/domain/policy/index.js';
import { installTelemetry } from '../../src/telemetry/index.js';
import { type NightshiftWorker, createWorker } from '../../src/worker.js';
import { sandboxEnv } from '../support/sandbox-env.js';

/** A target is held by one run on a server: each test file, a process of its own, has its own account. */
export const account = { id: String(randomInt(100_000_000_000, 999_999_999_999)), name: 'dev-1' };
export const region = 'us-east-1';
const ephemeral = { ephemeral: 'true' };

/** A speed at which sandbox time stands still, until it is skipped or let pass. */
export const still = 1e-6;

/** A stack of the one target, ephemeral unless its tags say otherwise. */
export function stack(name: string, more: Partial<PlacedStackInput> = {}): PlacedStackInput {
  return { account: account.name, region, name, tags: ephemeral, deleteSeconds: 5, ...more };
}

export interface Scenario {
  fleet: Partial<FleetInput>;
  /** `metadata.nightshift` of the stack policy. */
  options?: Record<string, unknown>;
  /** Actions of the stack policy. */
  actions?: unknown[];
  /** More policies, or others in place of the stack policy. */
  policies?: unknown[];
  config?: Partial<ConfigInput>;
  request?: Partial<CleanupRequest>;
  speed?: number;
}

export interface Stage {
  sandbox: Sandbox;
  admin: SandboxAdmin;
  nightshift: NightshiftClient;
  plan(): Promise<Plan>;
  /** `more` is put over the scenario's request. */
  start(more?: Partial<CleanupRequest>): Promise<RunHandle>;
  run(): Promise<RunResult>;
}

installTelemetry({ log: { level: 'error' } });

const endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** Sets up a sandbox, a worker in this process, and a client that runs the policies with the config. */
export async function setStage(scenario: Scenario): Promise<Stage> {
  const sandbox = await startSandbox({
    fleet: defineFleet({ regions: [region], accounts: [account], ...scenario.fleet }),
    speed: scenario.speed ?? 100,
  });
  endings.push(() => sandbox.close());
  Object.assign(process.env, sandboxEnv(sandbox.url, region));
  const server = {
    address: inject('temporalAddress'),
    namespace: 'default',
    connectionOptions: { address: inject('temporalAddress') },
  };
  const taskQueue = `traps-${randomUUID()}`;
  const worker = await createWorker({ server, taskQueue });
  const running = worker.run();
  endings.push(() => endWorker(worker, running));
  const nightshift = await NightshiftClient.connect({ server, taskQueue });
  endings.push(() => nightshift.close());

  const request = { ...requestOf(scenario), ...scenario.request };
  const start = (more: Partial<CleanupRequest> = {}) =>
    nightshift.cleanup.run({ ...request, ...more });
  return {
    sandbox,
    admin: new SandboxAdmin(sandbox.url),
    nightshift,
    start,
    plan: () => nightshift.cleanup.plan(request),
    run: async () => (await start()).result(),
  };
}

/** Lets so many seconds of sandbox time pass every so often, until the test ends. */
export function letTimePass({ sandbox }: Stage, seconds = 60): void {
  const passing = setInterval(() => sandbox.clock.skip(seconds), 100);
  endings.push(() => Promise.resolve(clearInterval(passing)));
}

/** Comes back once the stack is being deleted: time should stand still, or that is over before it is seen. */
export async function untilDeleting({ admin }: Stage, name: string): Promise<void> {
  while ((await admin.stacks({ name }))[0]?.status !== 'DELETE_IN_PROGRESS') await delay(20);
}

/** Runs a scenario from its plan to its result. */
export async function play(scenario: Scenario): Promise<{ result: RunResult; stage: Stage }> {
  const stage = await setStage(scenario);
  return { result: await stage.run(), stage };
}

export function itemOf(
  outcome: { targets: readonly { items: readonly ResultItem[] }[] },
  name: string,
): ResultItem {
  const item = outcome.targets.flatMap(({ items }) => items).find((each) => each.name === name);
  if (!item) throw new Error(`nothing is said of ${name}`);
  return item;
}

/** DeleteStack calls that were about this stack, accepted or not. */
export async function deletesOf({ admin }: Stage, name: string) {
  const entries = await admin.ledger({ action: 'DeleteStack' });
  return entries.filter(({ subject }) => subject?.includes(`/${name}/`) ?? false);
}

async function endWorker(worker: NightshiftWorker, running: Promise<void>): Promise<void> {
  worker.stop();
  await running;
}

function requestOf({
  options,
  actions = ['delete'],
  policies,
  config,
}: Scenario): Omit<CleanupRequest, 'mode'> {
  const stacks = {
    name: 'stacks',
    resource: 'aws.cfn',
    ...(options ? { metadata: { nightshift: options } } : {}),
    filters: [{ 'tag:ephemeral': 'true' }],
    actions,
  };
  return {
    setup: {
      config: configSchema.parse({
        accounts: { list: [account], role: 'arn:aws:iam::{accountId}:role/nightshift-spoke' },
        regions: [region],
        policies: ['inline'],
        ...config,
        pace: {
          pollInterval: '30ms',
          retryDelay: '10ms',
          retries: 12,
          cloudformation: { perSecond: 2000, burst: 2000 },
          ...config?.pace,
        },
        cleanup: {
          waits: {
            networkInterfaces: '50ms',
            replicatedFunction: '50ms',
            throttled: '50ms',
            busy: '50ms',
          },
          ...config?.cleanup,
        },
      }),
      policies: parsePolicies({ policies: policies ?? [stacks] }, 'inline'),
    },
  };
}
