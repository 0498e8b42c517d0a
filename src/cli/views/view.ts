import type { RunView } from '../../client/index.js';

/** Shows a run while it goes on. */
export interface View {
  /** Milliseconds between looks. */
  readonly every: number;
  show(state: RunView): void;
  close(): void;
}
