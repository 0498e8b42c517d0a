import type { Environment } from './environment.js';
import type { Variable } from './variables.js';

export interface Source {
  type: string;
  location?: string;
  /** YAML, or its path in the source. */
  buildspec?: string;
  gitCloneDepth?: number;
}

/** Where the log goes; group and stream as they will be. */
export interface LogTarget {
  status: 'ENABLED' | 'DISABLED';
  group: string;
  /** The stream is the build's uuid, below this when it is given. */
  streamPrefix?: string;
}

/** What a build was started with: its project's settings with the overrides over them. */
export interface BuildOrder {
  source: Source;
  sourceVersion?: string;
  environment: Environment;
  variables: Variable[];
  serviceRole: string;
  timeoutMinutes: number;
  queuedTimeoutMinutes: number;
  logs: LogTarget;
  autoRetryLimit: number;
}
