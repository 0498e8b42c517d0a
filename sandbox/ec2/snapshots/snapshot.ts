import { History } from '../history.js';

export type SnapshotState = 'pending' | 'completed' | 'error' | 'deleted';

export interface SnapshotOptions {
  id: string;
  ownerId: string;
  region: string;
  description: string;
  /** GiB. */
  size: number;
  volumeId: string;
  /** Sandbox time, ms since the epoch. */
  startedAt: number;
  state: SnapshotState;
  /** From when on it is there; `startedAt` unless given. */
  since?: number;
}

/** An EBS snapshot: what an image is made of. */
export class Snapshot {
  readonly states: History<SnapshotState>;
  /** Accounts that may make volumes of it. */
  readonly sharedWith = new Set<string>();

  constructor(readonly options: SnapshotOptions) {
    this.states = new History(options.since ?? options.startedAt, options.state);
  }

  get id(): string {
    return this.options.id;
  }

  get isDeleted(): boolean {
    return this.states.latest === 'deleted';
  }
}
