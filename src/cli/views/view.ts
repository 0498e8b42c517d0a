import type { RunView } from '../../client/index.js';

/** Shows a run while it goes on. */
export interface View {
  /** Milliseconds between looks. */
  readonly every: number;
  show(state: RunView): void;
  /** Leaves what is shown where it stands, and shows no more until `resume`: somebody has something to say. */
  pause(): void;
  resume(): void;
  close(): void;
}
