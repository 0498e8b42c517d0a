import { BatchGetBuildsCommand, type CodeBuildClient } from '@aws-sdk/client-codebuild';
import type { AwsConnections } from '../../aws/connections.js';
import { describeInputSchema } from '../../domain/builds/input.js';
import { parseBuildName } from '../../domain/builds/name.js';
import type { BuildSnapshot } from '../../domain/builds/result.js';
import type { BuildPlace } from '../../domain/builds/spec.js';
import { type Config, parseInput } from '../../domain/config/index.js';
import { NightshiftError } from '../../domain/errors.js';
import { type Target, targetName } from '../../domain/target.js';
import { placeOf } from './prepare-build.js';
import { snapshotOf } from './snapshot.js';

/** A build, and where it is. */
export interface DescribedBuild {
  place: BuildPlace;
  build: BuildSnapshot;
}

export interface DescribeBuildOptions {
  aws: AwsConnections;
  input: unknown;
  ownConfig: () => Promise<Config>;
  signal: AbortSignal;
}

/** @throws NightshiftError `NotFound` where there is no such build. */
export async function describeBuild(options: DescribeBuildOptions): Promise<DescribedBuild> {
  const { aws, signal } = options;
  const input = parseInput(describeInputSchema, options.input, 'describeBuild');
  const name = parseBuildName(input.build);
  const place =
    input.place ??
    (await placeOf({
      aws,
      config: input.setup?.config ?? (await options.ownConfig()),
      account: name.account ?? input.account,
      region: name.region ?? input.region,
      signal,
    }));
  const client = aws.codeBuild(place.target, place.access, place.pace);
  return { place, build: await getBuild(client, name.buildId, place.target, signal) };
}

/** @throws NightshiftError `NotFound` where there is no such build. */
export async function getBuild(
  client: CodeBuildClient,
  id: string,
  target: Target,
  abortSignal: AbortSignal,
): Promise<BuildSnapshot> {
  const { builds } = await client.send(new BatchGetBuildsCommand({ ids: [id] }), { abortSignal });
  const [build] = builds ?? [];
  if (build) return snapshotOf(build, target);
  throw new NightshiftError('NotFound', `there is no build ${id} in ${targetName(target)}`, {
    hint: 'check the id, --account and --region; CodeBuild forgets builds after a year',
  });
}
