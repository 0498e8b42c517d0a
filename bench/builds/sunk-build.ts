import type { BuildResult } from '../../src/client/index.js';

/** A build that has ended, and what its sink has of its log. */
export interface SunkBuild {
  build: BuildResult;
  /** The name that the sink knows the log by. */
  log: string;
  bytes: number;
  /** Of the log, in hex. */
  sha256: string;
}
