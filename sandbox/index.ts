import type { Server } from 'node:http';
import { createAdmin } from './admin/handler.js';
import { Buildkite } from './buildkite/buildkite.js';
import { CloudFormation } from './cloudformation/service.js';
import { seedStack } from './cloudformation/seed.js';
import { seedProjects } from './codebuild/seed.js';
import { CodeBuild } from './codebuild/service.js';
import { Clock } from './core/clock.js';
import { Dispatcher } from './core/dispatcher.js';
import { createHttpServer } from './core/http.js';
import type { Service } from './core/service.js';
import { Timeline } from './core/timeline.js';
import { Faults } from './faults/faults.js';
import { Quotas } from './faults/quotas.js';
import { Directory } from './fleet/directory.js';
import { loadFleet } from './fleet/load.js';
import { placedStacks } from './fleet/placed.js';
import type { Fleet } from './fleet/schema.js';
import { Gitlab } from './gitlab/gitlab.js';
import { Ledger } from './ledger/ledger.js';
import { Ec2 } from './ec2/ec2.js';
import { ImageBuilder } from './imagebuilder/image-builder.js';
import { seedLogGroup } from './logs/seed.js';
import { LogsService } from './logs/service.js';
import { LogStore } from './logs/store.js';
import { Mirrors } from './mirror/mirrors.js';
import type { ImageMaker } from './packer/image-maker.js';
import { createOrganizations } from './organizations/service.js';
import { RdsService } from './rds/service.js';
import { S3Service } from './s3/service.js';
import { Parameters } from './ssm/parameters.js';
import { createSsm } from './ssm/service.js';
import { createSts } from './sts/service.js';

export { criticalPathSeconds } from './fleet/critical-path.js';
export { defineFleet, loadFleet } from './fleet/load.js';
export { placedStacks } from './fleet/placed.js';
export type { Fleet, FleetInput } from './fleet/schema.js';

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

/** The state behind the API, for tests in the same process. */
export interface SandboxServices {
  cloudFormation: CloudFormation;
  s3: S3Service;
  rds: RdsService;
  ssm: Parameters;
  logs: LogStore;
  buildkite: Buildkite;
  codebuild: CodeBuild;
  ec2: Ec2;
  imageBuilder: ImageBuilder;
  gitlab: Gitlab;
  mirrors: Mirrors;
}

/** A running sandbox. */
export interface Sandbox {
  /** For `AWS_ENDPOINT_URL`: `http://127.0.0.1:4777`. */
  readonly url: string;
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly faults: Faults;
  readonly directory: Directory;
  readonly services: SandboxServices;
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
  const services = createServices(directory, clock, timeline, seed);
  seedFleet(directory, clock, services);
  const dispatcher = new Dispatcher({
    clock,
    timeline,
    ledger,
    faults,
    quotas: new Quotas(clock, fleet.quotas),
    services: httpServices(directory, clock, faults, services),
    hasAccount: (id) => directory.hasAccount(id),
    hasRegion: (id, region) => directory.hasRegion(id, region),
  });
  const settle = () => timeline.advance(clock.now());
  const admin = createAdmin({ clock, ledger, faults, directory, services, settle });
  const server = createHttpServer({ dispatcher, admin, isAway: () => faults.isAway });
  const url = await listen(server, options.host ?? '127.0.0.1', options.port ?? 0);
  const stop = async () => {
    await close(server);
    await services.codebuild.close();
  };
  return { url, clock, ledger, faults, directory, services, settle, close: stop };
}

function createServices(
  directory: Directory,
  clock: Clock,
  timeline: Timeline,
  seed: number,
): SandboxServices {
  const { fleet } = directory;
  const s3 = new S3Service({ clock, timeline }, { ...fleet.s3, seed });
  const cloudFormation = new CloudFormation({
    clock,
    timeline,
    buckets: s3.buckets,
    roleExists: (arn) => directory.hasRole(arn),
    settings: fleet.cloudformation,
  });
  const parameters = new Parameters();
  const logs = new LogStore(() => clock.now());
  const ec2 = new Ec2({ clock, timeline, directory, settings: fleet.ec2, seed });
  const makeImage: ImageMaker = ({ account, ...image }) =>
    ec2.images.makeImage({ ...image, account: directory.account(account)?.id ?? account }).id;
  return {
    cloudFormation,
    s3,
    rds: new RdsService({ clock, timeline }),
    ssm: parameters,
    logs,
    codebuild: new CodeBuild({
      clock,
      timeline,
      logs,
      parameters,
      makeImage,
      putObject: (...object) => s3.put(...object),
      settings: fleet.codebuild,
    }),
    buildkite: new Buildkite({ clock, timeline, settings: fleet.buildkite, seed }),
    ec2,
    imageBuilder: new ImageBuilder({ clock, timeline, images: ec2.images }),
    gitlab: new Gitlab({ clock, timeline, settings: fleet.gitlab, makeImage }),
    mirrors: new Mirrors(fleet.mirrors, clock),
  };
}

function httpServices(
  directory: Directory,
  clock: Clock,
  faults: Faults,
  services: SandboxServices,
): Service[] {
  const now = () => clock.now();
  return [
    services.cloudFormation.service,
    services.s3,
    services.rds,
    createSts(now, directory, faults),
    createSsm(now, services.ssm),
    createOrganizations(now, directory),
    services.ec2.service,
    services.imageBuilder.service,
    new LogsService(services.logs, directory.fleet.logs, faults.seed),
    services.buildkite.service,
    services.gitlab.service,
    services.mirrors.service,
    services.codebuild.service,
  ];
}

function seedFleet(directory: Directory, clock: Clock, services: SandboxServices): void {
  const { fleet } = directory;
  const accountId = (idOrName: string) => directory.account(idOrName)?.id ?? idOrName;
  const createdAt = (ageDays: number) => clock.now() - ageDays * 86_400_000;
  services.ssm.seed(directory, clock.now());
  for (const { ageDays, account, ...bucket } of fleet.buckets)
    services.s3.seed({ ...bucket, account: accountId(account), createdAt: createdAt(ageDays) });
  for (const { ageDays, account, ...snapshot } of fleet.snapshots)
    services.rds.seed({ ...snapshot, account: accountId(account), createdAt: createdAt(ageDays) });
  seedProjects(services.codebuild, directory);
  for (const image of fleet.images) services.ec2.seed(image);
  for (const { account, ...pipeline } of fleet.imagePipelines)
    services.imageBuilder.seed(accountId(account), { ...pipeline, account });
  for (const group of fleet.logGroups) seedLogGroup(services.logs, directory, group);
  // Lists show the newest first, so the oldest has to come first here.
  const stacks = placedStacks(fleet).sort((a, b) => b.ageDays - a.ageDays);
  for (const { account, region, ...spec } of stacks)
    seedStack(services.cloudFormation, { accountId: account, region }, spec);
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
