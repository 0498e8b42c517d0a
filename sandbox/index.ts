import type { Server } from 'node:http';
import { createAdmin } from './admin/handler.js';
import { CloudFormation } from './cloudformation/service.js';
import { seedStack } from './cloudformation/seed.js';
import { Clock } from './core/clock.js';
import { Dispatcher } from './core/dispatcher.js';
import { createHttpServer } from './core/http.js';
import { Timeline } from './core/timeline.js';
import { Faults } from './faults/faults.js';
import { Quotas } from './faults/quotas.js';
import { Directory } from './fleet/directory.js';
import { loadFleet } from './fleet/load.js';
import { placedStacks } from './fleet/placed.js';
import type { Fleet } from './fleet/schema.js';
import { Ledger } from './ledger/ledger.js';
import { S3Service } from './s3/service.js';
import { createSts } from './sts/service.js';

export interface SandboxOptions {
  /** What is there at the start: a fleet, or the path of a fleet file. */
  fleet: Fleet | string;
  /** Sandbox seconds per real second; 1 unless given. */
  speed?: number;
  /** 0 (any free one) unless given. */
  port?: number;
  /** 127.0.0.1 unless given. */
  host?: string;
  /** Seed of the faults, in place of the fleet's. */
  seed?: number;
  /** Calls that the ledger keeps one by one; 200,000 unless given. */
  ledgerCapacity?: number;
}

/** A running sandbox. */
export interface Sandbox {
  /** For `AWS_ENDPOINT_URL`: `http://127.0.0.1:4777`. */
  readonly url: string;
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly faults: Faults;
  readonly directory: Directory;
  readonly services: { cloudFormation: CloudFormation; s3: S3Service };
  /** Lets everything happen that is due by now. Requests do so by themselves. */
  settle(): void;
  close(): Promise<void>;
}

/** Starts a sandbox: a cloud in this process, spoken to over HTTP by the real AWS SDK. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const fleet = typeof options.fleet === 'string' ? loadFleet(options.fleet) : options.fleet;
  const seed = options.seed ?? fleet.seed;
  const clock = new Clock(options.speed);
  const timeline = new Timeline();
  const directory = new Directory(fleet);
  const ledger = new Ledger(clock, options.ledgerCapacity);
  const faults = new Faults(clock, seed, fleet.faults);
  const s3 = new S3Service({ clock, timeline }, { ...fleet.s3, seed });
  const cloudFormation = new CloudFormation({
    clock,
    timeline,
    buckets: s3.buckets,
    roleExists: (arn) => directory.hasRole(arn),
    settings: fleet.cloudformation,
  });
  seedFleet(fleet, directory, clock, s3, cloudFormation);
  const dispatcher = new Dispatcher({
    clock,
    timeline,
    ledger,
    faults,
    quotas: new Quotas(clock, fleet.quotas),
    services: [createSts(() => clock.now(), directory, faults), cloudFormation.service, s3],
    hasAccount: (id) => directory.hasAccount(id),
  });
  const settle = () => timeline.advance(clock.now());
  const admin = createAdmin({ clock, ledger, faults, directory, cloudFormation, settle });
  const server = createHttpServer({ dispatcher, admin, isAway: () => faults.isAway });
  const url = await listen(server, options.host ?? '127.0.0.1', options.port ?? 0);
  return {
    url,
    clock,
    ledger,
    faults,
    directory,
    services: { cloudFormation, s3 },
    settle,
    close: () => close(server),
  };
}

function seedFleet(
  fleet: Fleet,
  directory: Directory,
  clock: Clock,
  s3: S3Service,
  cloudFormation: CloudFormation,
): void {
  for (const { ageDays, ...bucket } of fleet.buckets) {
    const createdAt = clock.now() - ageDays * 86_400_000;
    const account = directory.account(bucket.account)?.id ?? bucket.account;
    s3.seed({ ...bucket, account, createdAt });
  }
  const stacks = placedStacks(fleet).sort((a, b) => b.ageDays - a.ageDays);
  for (const { account, region, ...spec } of stacks)
    seedStack(cloudFormation, { accountId: account, region }, spec);
}

async function listen(server: Server, host: string, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the sandbox has no port');
  return `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}
