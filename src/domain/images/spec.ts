import type { BuildOverrides } from '../builds/overrides.js';
import type { InfrastructureRetry } from '../builds/retry-schema.js';
import type { BuildPlace } from '../builds/spec.js';
import type { Line } from '../config/images.js';
import type { Notifications } from '../config/notifications.js';
import type { Cell, CellId, LineName } from './cell.js';
import type { VersionKind } from './package.js';

/** Where the packages of a line are: as src/mirrors reads it, and where the login is kept. */
export type SourceSpec = { login?: SecretName } & (
  | { kind: 'rpm'; url: string; key?: string }
  | { kind: 'html'; url: string; versions: VersionKind }
  | { kind: 'deb'; url: string; suite: string; component: string; key?: string }
);

/** An image to build on: itself, or the SSM parameter that names it, `{arch}` filled in. */
export type BaseImage = { id: string } | { ssm: string };

export interface BaseOsSpec {
  name: string;
  user?: string;
  variables: Record<string, string>;
  /** The line's architectures that it is built for, with the image to build on. */
  images: Record<string, BaseImage>;
}

/** Name of the SSM parameter of the management account that holds a token, or a login. */
export interface SecretName {
  ssm: string;
  region?: string;
}

export interface GitLabProject {
  url: string;
  project: string;
  token: SecretName;
}

export interface CodebuildBuilder {
  kind: 'codebuild';
  project: string;
  overrides: BuildOverrides;
  retry: InfrastructureRetry;
  /** Path in the build's artifact; absent: the log's line. */
  manifest?: string;
}

export interface GitlabBuilder extends GitLabProject {
  kind: 'gitlab';
  ref: string;
  variables: Record<string, string>;
  manifest: string;
  manual: 'fail' | 'wait';
  timeout: string;
}

export interface ImageBuilderBuilder {
  kind: 'imageBuilder';
  pipeline: string;
  parameter?: string;
  timeout: string;
}

export type BuilderSpec = CodebuildBuilder | GitlabBuilder | ImageBuilderBuilder;

export type TrackerFormat = 'json' | 'versions';
export type TrackerSpec =
  | { kind: 'ssm'; name: string; region: string; format: TrackerFormat }
  | ({ kind: 'gitlab'; name: string; format: TrackerFormat } & GitLabProject);

/** What `prepareLine` makes of a line of the config: what the line holds to until it is told otherwise. */
export interface LineSpec extends LineName {
  product: string;
  source: SourceSpec;
  /** Ranges of versions: any of them. */
  versions: string[];
  newest: { perMinor?: number; perMajor?: number; versions?: number };
  architectures: string[];
  companions: string[];
  baseOs: BaseOsSpec[];
  /** Account and region that images are built in. */
  place: BuildPlace;
  builder: BuilderSpec;
  recipe?: string;
  concurrency: number;
  attempts: Line['attempts'];
  firstRunLimit: number;
  tags: Record<string, string>;
  copyTo: string[];
  shareWith: string[];
  deprecateAfter?: string;
  keep?: number;
  smokeTest?: { project: string; overrides: BuildOverrides };
  imageTimeout: string;
  tracker?: TrackerSpec;
  existing?: NonNullable<Line['existing']>;
  notifications: Notifications;
}

/** One image to make: input of the workflow `imageBuild`. */
export interface ImageSpec
  extends
    LineName,
    Pick<
      LineSpec,
      | 'product'
      | 'place'
      | 'builder'
      | 'recipe'
      | 'tags'
      | 'copyTo'
      | 'shareWith'
      | 'deprecateAfter'
      | 'smokeTest'
      | 'imageTimeout'
    > {
  cell: Cell;
  id: CellId;
  /** {@link imageKey} */
  key: string;
  os: Pick<BaseOsSpec, 'name' | 'user' | 'variables'>;
  baseImage: BaseImage;
  /** Which try this is, from 1. */
  attempt: number;
  /** Images of this key that don't count: it is built anew. */
  exclude?: string[];
  /** Older images of the same base OS and architecture, by region, which this one replaces. */
  replaces: Record<string, string>[];
}
