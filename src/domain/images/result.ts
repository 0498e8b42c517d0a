import type { Cell, CellId, LineName } from './cell.js';
import type { ImagesByRegion } from './manifest.js';

/** An image of a line that is there. */
export interface BuiltImage {
  /** In the region that is built in; absent where another tool's record knows the version only. */
  imageId?: string;
  /** In the regions that it was copied to. */
  copies?: ImagesByRegion;
  /** ISO 8601. */
  builtAt?: string;
  /** When a newer one took its place, where that is told to EC2; ISO 8601. */
  replacedAt?: string;
  /** When it was deregistered; what was built once is not built again for that. ISO 8601. */
  prunedAt?: string;
}

/** What `imageBuild` returns. */
export interface ImageResult extends BuiltImage {
  imageId: string;
  builtAt: string;
  /** It was there already: nothing had to be built. */
  found: boolean;
  /** Where its build is to be looked at. */
  link?: string;
}

/** Why an image could not be made. */
export interface ImageFailure {
  reason: string;
  /** Where the log is. */
  link?: string;
}

/** `missing`: not there; `building`: worked on; `held`: given up until somebody releases it. */
export type CellState = 'built' | 'missing' | 'building' | 'held';

export interface CellStatus extends Cell {
  state: CellState;
  imageId?: string;
  /** Of one that is held or failing: why. Of one that is missing: what it waits for. */
  reason?: string;
  link?: string;
  /** Tries that have failed. */
  attempts?: number;
  /** When it is tried again; ISO 8601. */
  nextTry?: string;
}

/** How a line stands: what `status --json` and `plan --json` show. */
export interface LineStatus extends LineName {
  product: string;
  /** Newest version first; base OSes and architectures in the order of the config. */
  cells: CellStatus[];
  /** When the mirror was last read; ISO 8601. */
  checkedAt?: string;
  /** What the last check has come to nothing for. */
  trouble?: string;
  /** Images beyond `firstRunLimit`, which wait for approval. */
  awaitingApproval: number;
  /** What is wrong with the tracker's store; absent: all is written. */
  trackerTrouble?: string;
}

/** What a check has found, before what it starts has come to an end. */
export interface CheckStarted extends LineName {
  /** Counts the checks of a line. */
  check: number;
  /** Whether the mirror was as it had been. */
  unchanged: boolean;
  /** What this check set to be built, or would in a dry run. */
  started: Cell[];
  /** What waits for approval. */
  awaitingApproval: number;
  /** Held since earlier. */
  held: number;
}

/** What has become of a check. */
export interface CheckResult extends CheckStarted {
  built: (Cell & { imageId?: string })[];
  failed: (Cell & ImageFailure)[];
}

/** What is recorded of a line: all that its tracker is written from. */
export interface LineRecord extends LineName {
  product: string;
  built: Record<CellId, BuiltImage>;
}
