import type { AwsConnections } from '../../../aws/connections.js';
import { fromAwsError } from '../../../aws/errors.js';
import { sweepInputSchema } from '../../../domain/builds/sweep.js';
import type { BuildPlace } from '../../../domain/builds/spec.js';
import { type Config, buildsOf, parseInput } from '../../../domain/config/index.js';
import { placeOf } from '../prepare-build.js';

export interface PrepareSweepOptions {
  aws: AwsConnections;
  input: unknown;
  ownConfig: () => Promise<Config>;
  signal: AbortSignal;
}

/** A project whose builds are looked through. */
export interface SweptProject {
  place: BuildPlace;
  project: string;
}

/** The projects that the config names, each once; one that can't be reached hides no other. */
export async function prepareSweep(
  options: PrepareSweepOptions,
): Promise<{ projects: SweptProject[]; pace: Config['pace']; troubles: string[] }> {
  const { aws, ownConfig, signal } = options;
  const { setup } = parseInput(sweepInputSchema, options.input, 'sweepBuilds');
  const config = setup?.config ?? (await ownConfig());
  const projects = new Map<string, SweptProject>();
  const troubles: string[] = [];
  const all = [...configuredProjects(config), ...imageProjects(config)];
  for (const { account, region, project } of all) {
    try {
      const place = await placeOf({ aws, config, account, region, signal });
      const { target } = place;
      projects.set(`${target.account.id} ${target.region} ${project}`, { place, project });
    } catch (error) {
      signal.throwIfAborted();
      troubles.push(fromAwsError(error, `the project ${project} can’t be reached`).message);
    }
  }
  return { projects: [...projects.values()], pace: config.pace, troubles };
}

interface Named {
  account?: string | undefined;
  region?: string | undefined;
  project: string;
}

/** The projects that a config names for builds and Buildkite jobs, as it names them. */
export function configuredProjects(config: Config): Named[] {
  const queues = (config.buildkite?.queues ?? []).flatMap(
    ({ account, region, project, projects }) =>
      [project, ...(projects ?? [])].map((name) => ({ account, region, project: name })),
  );
  const presets = Object.values(buildsOf(config).presets).flatMap(({ account, region, project }) =>
    project === undefined ? [] : [{ account, region, project }],
  );
  return [...queues, ...presets];
}

/** Those that build images, and try them. */
function imageProjects({ images = [] }: Config): Named[] {
  return images.flatMap(({ account, region, builder, smokeTest }) =>
    [builder.codebuild, smokeTest?.codebuild].flatMap((codebuild) =>
      codebuild ? [{ account, region, project: codebuild.project }] : [],
    ),
  );
}
