import type { ImagesByRegion } from '../../../domain/images/manifest.js';
import type { ImageSpec } from '../../../domain/images/spec.js';

/** What a builder is asked for. */
export interface BuildOrder {
  spec: ImageSpec;
  /** Environment variables, or what the builder has in their place. */
  variables: Record<string, string>;
}

export interface Made {
  images: ImagesByRegion;
  /** Where the build is to be looked at. */
  link?: string;
}

/**
 * Makes one image, once: stops what it has begun when it is cancelled, and fails with an ImageFailed that has the
 * reason and a link. One file a builder.
 */
export type ImageBuilder = (order: BuildOrder) => Promise<Made>;
