import type { Measurement } from '../measurement.js';
import { benchMetadata } from './metadata.js';

export interface ImagesCase {
  name: string;
  title: string;
  run: () => Promise<Measurement[]>;
}

export const imagesCases: readonly ImagesCase[] = [
  {
    name: 'metadata',
    title: 'metadata: a primary.xml of 120 MB with 100,000 packages, read from a mirror',
    run: benchMetadata,
  },
];
