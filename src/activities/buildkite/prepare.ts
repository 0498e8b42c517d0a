import type { AwsConnections } from '../../aws/connections.js';
import { jobInputSchema, queueInputSchema } from '../../domain/buildkite/input.js';
import type { JobSpec, QueueSpec } from '../../domain/buildkite/spec.js';
import { infrastructureRetrySchema } from '../../domain/builds/retry-schema.js';
import {
  type BuildkiteQueue,
  type Config,
  buildkiteOf,
  nearest,
  parseInput,
} from '../../domain/config/index.js';
import { InvalidInputError } from '../../domain/errors.js';
import { placeOf } from '../builds/prepare-build.js';

export interface PrepareOptions {
  aws: AwsConnections;
  /** As it came: checked here. */
  input: unknown;
  ownConfig: () => Promise<Config>;
  signal: AbortSignal;
}

/** What a queue holds to until it is configured anew. */
export async function prepareQueue(options: PrepareOptions): Promise<QueueSpec> {
  const { queue, setup } = parseInput(queueInputSchema, options.input, 'buildkiteQueue');
  return await queueSpec(options, setup?.config ?? (await options.ownConfig()), queue);
}

/** What a job holds to that is run by hand, or that a queue has found. */
export async function prepareJob(options: PrepareOptions): Promise<JobSpec> {
  const request = parseInput(jobInputSchema, options.input, 'buildkiteJob');
  if (request.spec) return request.spec;
  const config = request.setup?.config ?? (await options.ownConfig());
  return {
    jobId: request.jobId,
    queue: await queueSpec(options, config, request.queue),
    source: { kind: 'named' },
  };
}

/** Buildkite takes 80 bytes. */
const longestKey = 80;

async function queueSpec(
  { aws, signal }: PrepareOptions,
  config: Config,
  name: string | undefined,
): Promise<QueueSpec> {
  const { endpoint, token, intake, stackKey, reservation, queues } = buildkiteOf(config);
  const found = chooseQueue(queues, name);
  const {
    queue,
    tags = [],
    account,
    region,
    project,
    projects,
    concurrency,
    ahead,
    retry,
    ...overrides
  } = found;
  return {
    endpoint,
    token,
    intake,
    queue,
    tags: [`queue=${queue}`, ...tags],
    stackKey: `${stackKey}-${queue}`.replaceAll('.', '-').slice(0, longestKey),
    reservation,
    concurrency,
    ahead: ahead ?? concurrency,
    place: await placeOf({ aws, config, account, region, signal }),
    project,
    ...(projects ? { projects } : {}),
    overrides,
    retry: retry ?? infrastructureRetrySchema.parse({}),
  };
}

function chooseQueue(queues: readonly BuildkiteQueue[], name: string | undefined): BuildkiteQueue {
  const found = name === undefined ? queues : queues.filter(({ queue }) => queue === name);
  const [one] = found;
  if (one && found.length === 1) return one;
  const names = queues.map(({ queue }) => queue);
  const meant = name === undefined ? undefined : nearest(name, names);
  const suggestion = meant === undefined ? '' : ` (did you mean ${meant}?)`;
  const problem =
    name === undefined ? 'is missing' : `"${name}" is not a queue of buildkite.queues${suggestion}`;
  throw new InvalidInputError([
    {
      source: 'nightshift.yaml',
      path: 'queue',
      message: `${problem}: must be one of ${names.join(', ')}`,
    },
  ]);
}
