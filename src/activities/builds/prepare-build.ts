import type { AwsConnections } from '../../aws/connections.js';
import { type BuildInput, buildInputSchema } from '../../domain/builds/input.js';
import type { BuildOverrides } from '../../domain/builds/overrides.js';
import { infrastructureRetrySchema } from '../../domain/builds/retry-schema.js';
import type { BuildPlace, BuildSpec } from '../../domain/builds/spec.js';
import {
  type BuildPreset,
  type Config,
  buildsOf,
  nearest,
  parseInput,
} from '../../domain/config/index.js';
import { InvalidInputError } from '../../domain/errors.js';
import { oneTarget } from '../targets/one-target.js';

export interface PrepareBuildOptions {
  aws: AwsConnections;
  /** As it came: checked here. */
  input: unknown;
  /** The worker's own config, for a build that brings none. */
  ownConfig: () => Promise<Config>;
  signal: AbortSignal;
}

const source = 'codebuildBuild';

/**
 * Makes of a build's input what the build holds to from then on.
 *
 * @throws InvalidInputError naming every field that is wrong.
 */
export async function prepareBuild(options: PrepareBuildOptions): Promise<BuildSpec> {
  const { aws, ownConfig, signal } = options;
  const input = parseInput(buildInputSchema, options.input, source);
  if (input.spec) return input.spec;
  const config = input.setup?.config ?? (await ownConfig());
  const preset = presetOf(config, input.preset);
  const project = input.project ?? preset.project;
  if (project === undefined)
    throw invalid('project', 'is missing: must be the name of a CodeBuild project');
  const place = await placeOf({
    aws,
    config,
    account: input.account ?? preset.account,
    region: input.region ?? preset.region,
    signal,
  });
  return {
    ...place,
    project,
    overrides: overridesOf(preset, input),
    sinks: input.sinks ?? [],
    retry: input.retry ?? preset.retry ?? infrastructureRetrySchema.parse({}),
  };
}

export interface PlaceQuery {
  aws: AwsConnections;
  config: Config;
  account: string | undefined;
  region: string | undefined;
  signal: AbortSignal;
}

/** Where a build is, and how fast to ask there. */
export async function placeOf({ config, ...query }: PlaceQuery): Promise<BuildPlace> {
  const { pollInterval, logDrain, logWait } = buildsOf(config);
  return {
    ...(await oneTarget({ ...query, config, source })),
    pace: config.pace,
    builds: { pollInterval, logDrain, logWait },
  };
}

function presetOf(config: Config, name: string | undefined): BuildPreset {
  if (name === undefined) return {};
  const { presets } = buildsOf(config);
  const preset = presets[name];
  if (preset) return preset;
  const names = Object.keys(presets);
  const meant = nearest(name, names);
  const suggestion = meant === undefined ? '' : ` (did you mean ${meant}?)`;
  throw invalid(
    'preset',
    `"${name}" is not a preset of builds.presets${suggestion}; there are ${names.join(', ') || 'none'}`,
  );
}

/** What the input gives wins; variables are put over those of the preset one by one. */
function overridesOf(preset: BuildPreset, input: BuildInput): BuildOverrides {
  const env = { ...preset.env, ...input.env };
  return {
    sourceVersion: input.sourceVersion ?? preset.sourceVersion,
    image: input.image ?? preset.image,
    computeType: input.computeType ?? preset.computeType,
    privileged: input.privileged ?? preset.privileged,
    environmentType: input.environmentType ?? preset.environmentType,
    buildspec: input.buildspec ?? preset.buildspec,
    timeout: input.timeout ?? preset.timeout,
    queuedTimeout: input.queuedTimeout ?? preset.queuedTimeout,
    ...(Object.keys(env).length === 0 ? {} : { env }),
  };
}

function invalid(path: string, message: string): InvalidInputError {
  return new InvalidInputError([{ source, path, message }]);
}
