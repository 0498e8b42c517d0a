import type { BuildLinks, BuildProgress } from './result.js';
import type { BuildPlace } from './spec.js';

export interface StopRequest {
  /** Why, for the result. */
  reason?: string;
}

/** A build that CodeBuild has taken. */
export interface BuildBegun {
  buildId: string;
  arn: string;
  project: string;
  links: BuildLinks;
  place: BuildPlace;
}

export type { BuildProgress };
