import type { TemporalTarget } from '../../src/temporal/index.js';
import type { Measurement } from '../measurement.js';
import { benchMetadata } from './metadata.js';
import { benchPlan } from './plan.js';
import { benchYear } from './year.js';

export interface ImagesCase {
  name: string;
  title: string;
  run: (server: TemporalTarget) => Promise<Measurement[]>;
}

export const imagesCases: readonly ImagesCase[] = [
  {
    name: 'metadata',
    title: 'metadata: a primary.xml of 120 MB with 100,000 packages, read from a mirror',
    run: benchMetadata,
  },
  {
    name: 'plan',
    title: 'a line with 200 versions × 4 base OSes × 2 architectures: from metadata to plan',
    run: benchPlan,
  },
  {
    name: 'year',
    title: 'a year of nightly checks, with an image to build each night',
    run: benchYear,
  },
];
