import type { AwsConnections } from '../../aws/connections.js';
import { infrastructureRetrySchema } from '../../domain/builds/retry-schema.js';
import {
  type BaseOs,
  type Builder,
  type Config,
  type Line,
  type Tracker,
  lineOf,
  parseInput,
} from '../../domain/config/index.js';
import { InvalidInputError } from '../../domain/errors.js';
import { lineRequestSchema } from '../../domain/images/input.js';
import { namesOfArchitecture } from '../../domain/images/package.js';
import type {
  BaseImage,
  BaseOsSpec,
  BuilderSpec,
  LineSpec,
  SourceSpec,
  TrackerSpec,
} from '../../domain/images/spec.js';
import { placeOf } from '../builds/prepare-build.js';

export interface PrepareLineOptions {
  aws: AwsConnections;
  /** As it came: checked here. */
  input: unknown;
  ownConfig: () => Promise<Config>;
  signal: AbortSignal;
}

/**
 * Makes of a line of the config what its workflow holds to.
 *
 * @throws InvalidInputError naming what is wrong.
 */
export async function prepareLine(options: PrepareLineOptions): Promise<LineSpec> {
  const { aws, ownConfig, signal } = options;
  const request = parseInput(lineRequestSchema, options.input, 'imageLine');
  const config = request.setup?.config ?? (await ownConfig());
  const line = lineOf(config, request.line, request.channel);
  const { account, region } = line;
  const place = await placeOf({ aws, config, account, region, signal });
  return lineSpec(line, place, config);
}

function lineSpec(line: Line, place: LineSpec['place'], config: Config): LineSpec {
  const { recipe, deprecateAfter, keep, smokeTest, tracker, existing, newest = {} } = line;
  return {
    line: line.line,
    channel: line.channel,
    product: line.product,
    source: sourceOf(line.source),
    versions: [line.versions].flat(),
    newest: defined(newest),
    architectures: line.architectures,
    companions: line.companions,
    baseOs: line.baseOs.map((os) => baseOsOf(os, line.architectures)),
    place,
    builder: builderOf(line.builder),
    concurrency: line.concurrency,
    attempts: line.attempts,
    firstRunLimit: line.firstRunLimit,
    tags: line.tags,
    copyTo: line.copyTo,
    shareWith: line.shareWith,
    imageTimeout: line.imageTimeout,
    notifications: config.notifications,
    ...defined({
      recipe,
      deprecateAfter,
      keep,
      existing,
      tracker: tracker && trackerOf(tracker, line.region),
      smokeTest: smokeTest && projectAndOverrides(smokeTest.codebuild),
    }),
  };
}

function sourceOf({ rpm, html, deb }: Line['source']): SourceSpec {
  if (rpm !== undefined)
    return typeof rpm === 'string' ? { kind: 'rpm', url: rpm } : { kind: 'rpm', ...defined(rpm) };
  if (html !== undefined)
    return typeof html === 'string'
      ? { kind: 'html', url: html, versions: 'rpm' }
      : { kind: 'html', ...defined(html) };
  if (deb) return { kind: 'deb', ...defined(deb) };
  throw wrong('source', 'must hold one of rpm, html and deb');
}

function baseOsOf(os: BaseOs, architectures: readonly string[]): BaseOsSpec {
  const wanted = architectures.filter((arch) => (os.architectures ?? architectures).includes(arch));
  const images: Record<string, BaseImage> = {};
  for (const arch of wanted) images[arch] = baseImageOf(os, arch);
  return {
    name: os.name,
    variables: os.variables ?? {},
    images,
    ...(os.user === undefined ? {} : { user: os.user }),
  };
}

/** The image to build on for an architecture: by any of its names. */
function baseImageOf({ name, baseImage }: BaseOs, arch: string): BaseImage {
  if (typeof baseImage === 'string') return { id: baseImage };
  if ('ssm' in baseImage) return { ssm: baseImage.ssm.replaceAll('{arch}', ec2Architecture(arch)) };
  const { byArchitecture } = baseImage;
  const found = namesOfArchitecture(arch).flatMap((each) => byArchitecture[each] ?? [])[0];
  if (found === undefined)
    throw wrong(
      `baseOs.${name}.baseImage.byArchitecture`,
      `has no image for ${arch}; there are ${Object.keys(byArchitecture).join(', ') || 'none'}`,
    );
  return baseImageOf({ name, baseImage: found }, arch);
}

/** EC2 knows two: x86_64 and arm64. */
function ec2Architecture(arch: string): string {
  return namesOfArchitecture(arch).includes('arm64') ? 'arm64' : 'x86_64';
}

function builderOf({ codebuild, gitlab, imageBuilder }: Builder): BuilderSpec {
  if (codebuild) {
    const { retry = infrastructureRetrySchema.parse({}), manifest, ...rest } = codebuild;
    return {
      kind: 'codebuild',
      ...projectAndOverrides(rest),
      retry,
      ...(manifest === undefined ? {} : { manifest }),
    };
  }
  if (gitlab)
    return {
      kind: 'gitlab',
      ...gitlab,
      token: defined(gitlab.token),
      variables: gitlab.variables ?? {},
    };
  if (imageBuilder) return { kind: 'imageBuilder', ...defined(imageBuilder) };
  throw wrong('builder', 'must hold one of codebuild, gitlab and imageBuilder');
}

function projectAndOverrides<T extends { project: string }>({ project, ...overrides }: T) {
  return { project, overrides };
}

function trackerOf({ ssm, gitlab }: Tracker, home: string): TrackerSpec {
  if (typeof ssm === 'string') return { kind: 'ssm', name: ssm, region: home, format: 'json' };
  if (ssm) return { kind: 'ssm', ...ssm, region: ssm.region ?? home };
  if (gitlab) return { kind: 'gitlab', ...gitlab, token: defined(gitlab.token) };
  throw wrong('tracker', 'must hold one of ssm and gitlab');
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** An object without the keys that hold nothing. */
function defined<T extends object>(object: T): Defined<T> {
  return Object.fromEntries(
    Object.entries(object).filter(([, value]) => value !== undefined),
  ) as Defined<T>;
}

function wrong(path: string, message: string): InvalidInputError {
  return new InvalidInputError([{ source: 'nightshift.yaml', path: `images.${path}`, message }]);
}
