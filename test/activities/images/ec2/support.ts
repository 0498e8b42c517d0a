import { MockActivityEnvironment } from '@temporalio/testing';
import { afterEach, vi } from 'vitest';
import { SandboxAdmin } from '../../../../sandbox/admin-client.js';
import type { ImageStateView } from '../../../../sandbox/admin/image-schema.js';
import type { FleetInput } from '../../../../sandbox/fleet/schema.js';
import { type Sandbox, defineFleet, startSandbox } from '../../../../sandbox/index.js';
import { createEc2Activities } from '../../../../src/activities/images/ec2/index.js';
import { AwsConnections } from '../../../../src/aws/connections.js';
import type { BuildPlace } from '../../../../src/domain/builds/spec.js';
import { notificationsSchema } from '../../../../src/domain/config/notifications.js';
import { type Pace, paceSchema } from '../../../../src/domain/config/pace.js';
import { type Cell, cellId, imageKey } from '../../../../src/domain/images/cell.js';
import type { ImageSpec, LineSpec } from '../../../../src/domain/images/spec.js';
import { imageTags, tagsOf } from '../../../../src/domain/images/tags.js';

export const account = '111111111111';
export const stranger = '222222222222';
export const home = 'ap-southeast-2';
export const abroad = 'us-east-1';
export const further = 'eu-west-1';
/** An image that is there from the beginning, of no line. */
export const base = 'ami-0123456789abcdef0';

export const name = { line: 'runner', channel: 'dev' };
export const product = 'gitlab-runner';
export const cell: Cell = { os: 'al2023', arch: 'x86_64', evr: '16.11.0-1' };

export interface Scenario {
  fleet?: Partial<FleetInput>;
  /** Sandbox seconds in a second. */
  speed?: number;
  pace?: Partial<Pace>;
}

export interface Stage {
  sandbox: Sandbox;
  admin: SandboxAdmin;
  place: BuildPlace;
  /** A worker of its own. */
  worker(): Worker;
}

/** Activities as one worker has them. */
export interface Worker {
  activities: ReturnType<typeof createEc2Activities>;
  /** Runs an activity as a worker does. */
  run<A, T>(activity: (input: A) => Promise<T>, input: A, context?: AttemptInfo): Promise<T>;
  /** What its activities have last said of how far they are. */
  heartbeat: unknown;
  /** It is told to stop. */
  stop(): void;
}

interface AttemptInfo {
  /** What the attempt before this one has last said of how far it was. */
  heartbeatDetails?: unknown;
  scheduledTimestampMs?: number;
}

const ends: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** Has something done when the test ends, the last first. */
export const atEnd = (end: () => Promise<unknown> | void) => void ends.push(end);

export async function setStage({ fleet, speed = 300, pace }: Scenario = {}): Promise<Stage> {
  const sandbox = await startSandbox({
    speed,
    fleet: defineFleet({
      regions: [home, abroad, further],
      accounts: [
        { id: account, name: 'dev-1' },
        { id: stranger, name: 'dev-2' },
      ],
      images: [{ account, region: home, id: base, name: 'base' }],
      ...fleet,
    }),
  });
  atEnd(() => sandbox.close());
  vi.stubEnv('AWS_ENDPOINT_URL', sandbox.url);
  vi.stubEnv('AWS_ACCESS_KEY_ID', account);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'sandbox');
  atEnd(() => void vi.unstubAllEnvs());
  const place = placeOf(pace);
  const worker = () => startWorker();
  return { sandbox, admin: new SandboxAdmin(sandbox.url), place, worker };
}

function placeOf(pace: Scenario['pace']): BuildPlace {
  const fast = { perSecond: 2_000, burst: 2_000 };
  return {
    target: { account: { id: account, name: 'dev-1' }, region: home },
    access: { sessionName: 'test' },
    pace: paceSchema.parse({ retryDelay: '2ms', retries: 20, ec2: fast, ssm: fast, ...pace }),
    builds: { pollInterval: '10ms', logDrain: '0ms', logWait: '0ms' },
  };
}

function startWorker(): Worker {
  const aws = new AwsConnections();
  atEnd(() => aws.destroy());
  const stopping = new AbortController();
  const worker: Worker = {
    activities: createEc2Activities({ aws, stopping: stopping.signal }),
    run: (activity, input, context = {}) => {
      const environment = new MockActivityEnvironment({
        scheduledTimestampMs: Date.now(),
        heartbeatTimeoutMs: 3_000,
        ...context,
      });
      environment.on('heartbeat', (details: unknown) => (worker.heartbeat = details));
      return environment.run(activity, input);
    },
    heartbeat: undefined,
    stop: () => stopping.abort(),
  };
  return worker;
}

/** Clocks of this process, the sandbox’s too, are ahead by so many milliseconds until the test ends. */
export function laterBy(milliseconds: number): void {
  const now = Date.now.bind(Date);
  const later = vi.spyOn(Date, 'now').mockImplementation(() => now() + milliseconds);
  atEnd(() => later.mockRestore());
}

/** The image of a cell that is to be made. */
export function imageSpec(stage: Stage, more: Partial<ImageSpec> = {}): ImageSpec {
  const id = cellId(more.cell ?? cell, more.recipe);
  return {
    ...name,
    product,
    place: stage.place,
    builder: { kind: 'imageBuilder', pipeline: 'p', timeout: '1h' },
    tags: { team: 'platform' },
    copyTo: [abroad, further],
    shareWith: [],
    imageTimeout: '10m',
    cell,
    id,
    key: imageKey(name, product, id),
    os: { name: cell.os, variables: {} },
    baseImage: { id: base },
    attempt: 1,
    replaces: [],
    ...more,
  };
}

export function lineSpec(stage: Stage, more: Partial<LineSpec> = {}): LineSpec {
  return {
    ...name,
    product,
    source: { kind: 'rpm', url: 'http://127.0.0.1/' },
    versions: ['*'],
    newest: {},
    architectures: ['x86_64', 'aarch64'],
    companions: [],
    baseOs: [{ name: 'al2023', variables: {}, images: {} }],
    place: stage.place,
    builder: { kind: 'imageBuilder', pipeline: 'p', timeout: '1h' },
    concurrency: 1,
    attempts: { most: 1, delay: '1s', factor: 1 },
    firstRunLimit: 1,
    tags: {},
    copyTo: [],
    shareWith: [],
    imageTimeout: '10m',
    notifications: notificationsSchema.parse({}),
    ...more,
  };
}

/** Nightshift's own tags of a cell's image. */
export function tagsFor(of: Cell & { recipe?: string } = cell, whose = name) {
  const { recipe, ...its } = of;
  const key = imageKey(whose, product, cellId(its, recipe));
  return tagsOf({ name: whose, product, cell: its, recipe, key });
}

export const sourceTag = (imageId: string) => ({ [imageTags.source]: imageId });

/** As they truly are, those that are deregistered excepted. */
export async function living(stage: Stage, region?: string): Promise<ImageStateView[]> {
  const images = await stage.admin.images(region === undefined ? {} : { region });
  return images.filter(({ state }) => state !== 'deregistered');
}

/** The tags that something truly has. */
export function tagsOn({ sandbox }: Stage, region: string, id: string): Record<string, string> {
  const { tags } = sandbox.services.ec2;
  return Object.fromEntries(tags.of({ accountId: account, region, resourceId: id }));
}

/** How many calls of an action were made, those that were refused or lost among them. */
export async function callsOf({ admin }: Stage, action: string): Promise<number> {
  return (await admin.ledger({ action })).length;
}

/** Looks until it is so. The test's own timeout bounds it. */
export async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Waits until so many calls of an action have reached the sandbox. */
export async function callsReach(stage: Stage, action: string, count: number): Promise<void> {
  await until(async () => ((await callsOf(stage, action)) >= count ? true : undefined));
}
