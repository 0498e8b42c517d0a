import type { MirrorState } from '../domain/images/mirror-state.js';
import type { Collector } from './collector.js';
import type { MirrorClient, Validators } from './http/client.js';

/** One look at a mirror; there are several where it is caught in the middle of a sync. */
export interface Visit {
  client: MirrorClient;
  /** What the last reading answered of the same. */
  before: MirrorState | undefined;
  collector: Collector;
  /** Caches on the way must ask the mirror: what they have may be what did not fit together. */
  fresh: boolean;
  /** The state to answer with. */
  state: (checksum: string, validators: Validators) => MirrorState;
}
