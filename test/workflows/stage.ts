import { randomInt, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { afterEach, inject } from 'vitest';
import type { CleanupActivities } from '../../src/activities/cleanup/index.js';
import type { ImagesActivities } from '../../src/activities/images/index.js';
import { NightshiftClient, type RunHandle } from '../../src/client/index.js';
import type { RunSpec } from '../../src/domain/cleanup/spec.js';
import { type ConfigInput, cleanupSections, configSchema } from '../../src/domain/config/index.js';
import { parsePolicies } from '../../src/domain/policy/index.js';
import type { Target } from '../../src/domain/target.js';
import { installTelemetry } from '../../src/telemetry/index.js';
import { packageRoot } from '../../src/temporal/package-root.js';

installTelemetry({ log: { level: 'error' } });

const endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** A target of its own: one is held by one run on a server, and all tests share a server. */
export function newTarget(name = 'dev-1', region = 'us-east-1'): Target {
  return { account: { id: String(randomInt(100_000_000_000, 999_999_999_999)), name }, region };
}

export interface Stage {
  nightshift: NightshiftClient;
  /** For what the typed client has no words for. */
  client: Client;
  taskQueue: string;
  start: () => Promise<RunHandle>;
}

/** A worker with these activities in place of the real ones, and clients of it. */
export async function setStage(
  activities: CleanupActivities | Partial<ImagesActivities>,
): Promise<Stage> {
  const address = inject('temporalAddress');
  const taskQueue = `workflows-${randomUUID()}`;
  const native = await NativeConnection.connect({ address });
  endings.push(() => native.close());
  const worker = await Worker.create({
    connection: native,
    taskQueue,
    workflowBundle: { codePath: join(packageRoot(), 'dist/workflows/bundle.js') },
    activities,
    shutdownGraceTime: 0,
    maxHeartbeatThrottleInterval: '100ms',
  });
  const running = worker.run();
  endings.push(async () => {
    worker.shutdown();
    await running;
  });
  const connection = await Connection.connect({ address });
  endings.push(() => connection.close());
  const server = { address, namespace: 'default', connectionOptions: { address } };
  const nightshift = await NightshiftClient.connect({ server, taskQueue });
  endings.push(() => nightshift.close());
  const client = new Client({ connection });
  return { nightshift, client, taskQueue, start: () => nightshift.cleanup.run() };
}

/** What `prepareRun` would make of a config for these targets. */
export function runSpec(
  targets: readonly Target[],
  config: Partial<ConfigInput> = {},
  options: Record<string, unknown> = {},
): RunSpec {
  const parsed = configSchema.parse({
    accounts: {
      list: targets.map(({ account }) => account),
      role: 'arn:aws:iam::{accountId}:role/spoke',
    },
    regions: [...new Set(targets.map(({ region }) => region))],
    policies: ['inline'],
    ...config,
  });
  const { pace, rails, cleanup, notifications } = parsed;
  const { accounts } = cleanupSections(parsed);
  const policy = {
    name: 'stacks',
    resource: 'aws.cfn',
    metadata: { nightshift: options },
    filters: [{ 'tag:ephemeral': 'true' }],
    actions: ['delete'],
  };
  return {
    access: { role: accounts.role, externalId: undefined, sessionName: accounts.sessionName },
    pace,
    rails,
    cleanup,
    mode: 'run',
    requireApproval: rails.requireApproval,
    targets: [...targets],
    unreachable: [],
    policies: parsePolicies({ policies: [policy] }, 'inline'),
    notifications,
  };
}

/** Looks until it is so. The test's own timeout bounds it. */
export async function until<T>(look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    await delay(50);
  }
}

/** The hash of the plan that the run waits to have approved. */
export function untilWaiting(run: RunHandle): Promise<string> {
  return until(async () => {
    const { phase, planHash } = await run.progress();
    return phase === 'awaiting-approval' ? planHash : undefined;
  });
}
