import type { ImagesByRegion } from './manifest.js';

/** What a builder that was followed to its end has come to. `link` is where it is to be looked at. */
export type BuilderOutcome =
  { images: ImagesByRegion; link?: string } | { failed: string; link?: string };
