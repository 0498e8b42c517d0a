import type { BuildSetup } from '../builds/setup.js';
import type { Cell, LineName } from './cell.js';

/** Input of the workflows `imageLine` and `imageCheck`. */
export interface LineRequest extends LineName {
  /** The worker's own config when absent. */
  setup?: BuildSetup;
}

/** Which cells are meant: all that fit every part that is given. */
export interface CellChoice {
  /** `16.11.0-1`, or `16.11.0` for any release of it. */
  versions?: string[];
  os?: string[];
  arch?: string[];
}

export interface CheckRequest {
  setup?: BuildSetup;
  /** Says what would be built, and builds nothing. */
  dryRun?: boolean;
  /** Lets go what the first check held back. */
  approve?: boolean;
}

export interface BuildRequest extends CellChoice {
  setup?: BuildSetup;
  /** Builds what is built already, too. */
  rebuild?: boolean;
}

export interface ReleaseRequest extends CellChoice {
  setup?: BuildSetup;
}

export interface SeedRequest {
  setup?: BuildSetup;
  /** Where what is built is looked up: by the tags of images, or in the tracker's store. */
  from: 'images' | 'tracker';
}

export interface SeedResult {
  found: number;
  added: number;
}

export interface PruneRequest {
  setup?: BuildSetup;
  /** Says what would go, and deletes nothing. */
  dryRun?: boolean;
  /** Ids of the images that may go, such as those that a dry run has named; all that can go unless given. */
  images?: string[];
}

export interface PruneResult {
  /** Images that were deregistered, or would be, with their copies. */
  pruned: (Cell & { imageId: string; why: 'rejected' | 'older' })[];
}

export interface ReleaseResult {
  released: Cell[];
}
