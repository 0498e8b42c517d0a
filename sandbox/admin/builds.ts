import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Build } from '../codebuild/build.js';
import type { CodeBuild } from '../codebuild/service.js';
import { AwsError } from '../core/aws-error.js';
import type { Incoming } from '../core/dispatcher.js';
import type { Directory } from '../fleet/directory.js';
import type { LogStore } from '../logs/store.js';
import { changeBuildSchema, type BuildLogState, type BuildState } from './build-schema.js';

export interface BuildsDependencies {
  directory: Directory;
  services: { codebuild: CodeBuild; logs: LogStore };
}

type Action = (request: Incoming) => unknown;

const querySchema = z.strictObject({
  /** Id or name. */
  account: z.string().optional(),
  region: z.string().optional(),
  project: z.string().optional(),
  status: z.string().optional(),
});

const logQuerySchema = z.strictObject({
  /** Id or ARN. */
  id: z.string(),
  /** The text is given, however long it is. */
  text: z.enum(['true', 'false']).optional(),
});

/** What the admin API does with builds. */
export function buildActions(
  dependencies: BuildsDependencies,
  jsonOf: (body: Buffer) => unknown,
): [string, Action][] {
  const { codebuild } = dependencies.services;
  return [
    ['GET /_sandbox/builds', ({ query }) => listBuilds(dependencies, query)],
    ['GET /_sandbox/build-log', ({ query }) => readBuildLog(dependencies, query)],
    ['PATCH /_sandbox/builds', ({ body }) => changeBuild(codebuild, jsonOf(body))],
  ];
}

function listBuilds(
  { directory, services }: BuildsDependencies,
  query: URLSearchParams,
): BuildState[] {
  const { account, ...wanted } = querySchema.parse(Object.fromEntries(query));
  const accountId = account === undefined ? undefined : (directory.account(account)?.id ?? account);
  return [...services.codebuild.builds.all()]
    .map(stateOf)
    .filter(
      (build) =>
        (accountId ?? build.account) === build.account &&
        (wanted.region ?? build.region) === build.region &&
        (wanted.project ?? build.project) === build.project &&
        (wanted.status ?? build.status) === build.status,
    );
}

/** Logs up to this many bytes are given as text without being asked for. */
const textBytes = 5 * 1024 * 1024;

function readBuildLog({ services }: BuildsDependencies, query: URLSearchParams): BuildLogState {
  const { id, text: asked } = logQuerySchema.parse(Object.fromEntries(query));
  const place = findBuild(services.codebuild, id).logPlace;
  const stream = place && services.logs.stream(place);
  const bytes = stream?.bytes() ?? 0;
  const hash = createHash('sha256');
  for (let index = 0; index < (stream?.count ?? 0); index++)
    hash.update(stream?.at(index).message ?? '');
  const withText = asked === undefined ? bytes <= textBytes : asked === 'true';
  return {
    bytes,
    sha256: hash.digest('hex'),
    ...(withText ? { text: place ? services.logs.text(place) : '' } : {}),
  };
}

/** Ends a build behind everyone's back. */
function changeBuild(codebuild: CodeBuild, input: unknown): BuildState {
  const { id, ...change } = changeBuildSchema.parse(input);
  const build = findBuild(codebuild, id);
  if (build.hasEnded)
    throw new AwsError('BuildEnded', `${build.id} has ended: ${build.status}`, 409);
  codebuild.endBuild(build, change);
  return stateOf(build);
}

function findBuild({ builds }: CodeBuild, id: string): Build {
  for (const build of builds.all()) if (build.id === id || build.arn === id) return build;
  throw new AwsError('NoSuchBuild', `no build ${id}`, 404);
}

function stateOf(build: Build): BuildState {
  const { project, order, autoRetry } = build;
  return {
    id: build.id,
    arn: build.arn,
    status: build.status,
    account: project.accountId,
    region: project.region,
    project: project.name,
    ...(build.phase ? { phase: build.phase.type } : {}),
    env: Object.fromEntries(
      order.variables.map(({ name, value, type }) => [name, { value, type }]),
    ),
    started: new Date(build.options.submittedAt).toISOString(),
    ...(build.endedAt === undefined ? {} : { ended: new Date(build.endedAt).toISOString() }),
    ...(build.exitStatus === undefined ? {} : { exit: build.exitStatus }),
    ...(autoRetry.previous === undefined ? {} : { retryOf: autoRetry.previous }),
  };
}
