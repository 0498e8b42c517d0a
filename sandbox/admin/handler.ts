import { z } from 'zod';
import type { Buildkite } from '../buildkite/buildkite.js';
import { AwsError } from '../core/aws-error.js';
import type { Clock } from '../core/clock.js';
import type { Incoming } from '../core/dispatcher.js';
import type { AdminHandler } from '../core/http.js';
import type { CodeBuild } from '../codebuild/service.js';
import type { Ec2 } from '../ec2/ec2.js';
import type { ImageBuilder } from '../imagebuilder/image-builder.js';
import type { CloudFormation } from '../cloudformation/service.js';
import { faultSchema } from '../faults/schema.js';
import type { Faults } from '../faults/faults.js';
import type { Directory } from '../fleet/directory.js';
import type { Gitlab } from '../gitlab/gitlab.js';
import type { Ledger } from '../ledger/ledger.js';
import type { LogStore } from '../logs/store.js';
import type { Mirrors } from '../mirror/mirrors.js';
import type { RdsService } from '../rds/service.js';
import type { S3Service } from '../s3/service.js';
import { buildActions } from './builds.js';
import { imageBuilderActions } from './image-builder.js';
import { imageActions } from './images.js';
import { buildkiteActions } from './buildkite.js';
import { gitlabActions } from './gitlab.js';
import { mirrorActions } from './mirrors.js';
import { readLedger } from './ledger-query.js';
import { readLog } from './log-text.js';
import { awaySchema, skipSchema, type SandboxState } from './schema.js';
import { changeStack, createStack, listStacks } from './stacks.js';

export interface AdminDependencies {
  clock: Clock;
  ledger: Ledger;
  faults: Faults;
  directory: Directory;
  services: {
    cloudFormation: CloudFormation;
    s3: S3Service;
    rds: RdsService;
    logs: LogStore;
    buildkite: Buildkite;
    codebuild: CodeBuild;
    ec2: Ec2;
    imageBuilder: ImageBuilder;
    gitlab: Gitlab;
    mirrors: Mirrors;
  };
  /** Lets everything happen that is due by now. */
  settle: () => void;
}

type AdminAction = (request: Incoming) => unknown;

/** The API under `/_sandbox/`, for tests, the bench and the demo. Faults don't strike it. */
export function createAdmin(dependencies: AdminDependencies): AdminHandler {
  const actions = actionsOf(dependencies);
  return (request) => {
    dependencies.settle();
    const action = actions.get(`${request.method} ${request.path}`);
    if (!action) return { status: 404, json: { error: `no ${request.method} ${request.path}` } };
    try {
      return { status: 200, json: action(request) ?? {} };
    } catch (error) {
      if (error instanceof z.ZodError)
        return { status: 400, json: { error: z.prettifyError(error) } };
      if (error instanceof AwsError)
        return { status: error.status, json: { error: error.message } };
      throw error;
    }
  };
}

function actionsOf(dependencies: AdminDependencies): ReadonlyMap<string, AdminAction> {
  const { ledger, faults, services } = dependencies;
  const { cloudFormation } = services;
  return new Map<string, AdminAction>([
    ['GET /_sandbox/state', () => state(dependencies)],
    ['GET /_sandbox/ledger', ({ query }) => readLedger(ledger, query)],
    ['GET /_sandbox/ledger/summary', () => ledger.summary()],
    ['DELETE /_sandbox/ledger', () => ledger.clear()],
    ['GET /_sandbox/faults', () => faults.list()],
    ['PUT /_sandbox/faults', ({ body }) => faults.set(z.array(faultSchema).parse(jsonOf(body)))],
    ['POST /_sandbox/faults', ({ body }) => faults.add(faultSchema.parse(jsonOf(body)))],
    ['DELETE /_sandbox/faults', () => faults.clear()],
    ['PUT /_sandbox/away', ({ body }) => faults.goAway(awaySchema.parse(jsonOf(body)).seconds)],
    ['DELETE /_sandbox/away', () => faults.comeBack()],
    [
      'PUT /_sandbox/skip',
      ({ body }) => skip(dependencies, skipSchema.parse(jsonOf(body)).seconds),
    ],
    ['GET /_sandbox/stacks', ({ query }) => listStacks(cloudFormation, query)],
    ['POST /_sandbox/stacks', ({ body }) => createStack(dependencies, jsonOf(body))],
    ['PATCH /_sandbox/stacks', ({ body }) => changeStack(cloudFormation, jsonOf(body))],
    ['GET /_sandbox/orphans', () => cloudFormation.deletion.orphans],
    [
      'GET /_sandbox/bucket',
      ({ query }) => ({ bucket: services.s3.contents(required(query, 'name')) ?? null }),
    ],
    [
      'GET /_sandbox/snapshots',
      ({ query }) =>
        services.rds.snapshotIds(required(query, 'account'), required(query, 'region')),
    ],
    ...buildActions(dependencies, jsonOf),
    ...imageActions(dependencies, jsonOf),
    ...imageBuilderActions(dependencies, jsonOf),
    ...buildkiteActions(services.buildkite, jsonOf),
    ...gitlabActions(services.gitlab, jsonOf),
    ...mirrorActions(services.mirrors, jsonOf),
    ['GET /_sandbox/log', ({ query }) => readLog(dependencies, query)],
  ]);
}

function skip({ clock, settle }: AdminDependencies, seconds: number): void {
  clock.skip(seconds);
  settle();
}

function state({ clock, faults, directory }: AdminDependencies): SandboxState {
  return {
    speed: clock.speed,
    now: clock.iso(),
    seed: faults.seed,
    away: faults.isAway,
    accounts: directory.list().map((account) => ({
      id: account.id,
      name: account.name,
      regions: [...directory.regions(account)],
    })),
  };
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString() || '{}');
  } catch {
    throw new AwsError('InvalidJson', 'the body is no JSON');
  }
}

function required(query: URLSearchParams, name: string): string {
  const value = query.get(name);
  if (value === null || value === '') throw new AwsError('Missing', `give ?${name}=`);
  return value;
}
