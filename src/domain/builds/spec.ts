import type { Access } from '../cleanup/spec.js';
import type { BuildsSettings, Pace } from '../config/index.js';
import type { Target } from '../target.js';
import type { BuildOverrides } from './overrides.js';
import type { InfrastructureRetry } from './retry-schema.js';
import type { LogSinkSpec } from './sinks.js';

/** Where builds are, how to get in, and how fast to ask: names only, never a secret. */
export interface BuildPlace {
  target: Target;
  access: Access;
  pace: Pace;
  builds: Pick<BuildsSettings, 'pollInterval' | 'logDrain' | 'logWait'>;
}

/** What `prepareBuild` makes of the input of `codebuildBuild`. */
export interface BuildSpec extends BuildPlace {
  project: string;
  overrides: BuildOverrides;
  /** Variables that no history may show, sealed; put over those of `overrides`. */
  sealedEnv?: { sealed: string; context: string };
  sinks: LogSinkSpec[];
  retry: InfrastructureRetry;
}

/**
 * The environment variables by which a build is known again: the workflow that it is for, the start, and the Temporal
 * namespace and cluster that the workflow is in, as two installations may share a project.
 */
export const markerVariables = {
  workflow: 'NIGHTSHIFT_BUILD',
  token: 'NIGHTSHIFT_BUILD_TOKEN',
  origin: 'NIGHTSHIFT_BUILD_ORIGIN',
} as const;

/** One start of a build: whatever happens to its answer, there is one build for it. */
export interface BuildStart {
  workflowId: string;
  /** Of this start alone, for as long as there are workflows: 64 hexadecimal digits. */
  token: string;
}
