import type { RunView } from '../../../client/index.js';
import type { Output } from '../../output.js';
import { addCounts, openOf, settledOf } from '../../views/counts.js';
import type { View } from '../../views/view.js';
import { tellOfKill, tellOfTakeover } from '../lines.js';
import type { DemoWorker } from '../processes.js';

/** The worker is killed when this share of the work is done. */
const killAt = 0.5;

/** Kills the worker that is at work, and starts another: returns the process id of the one, and the other. */
export type ReplaceWorker = () => Promise<{ killed: number; successor: DemoWorker }>;

/** What the demo is about: in the middle of the run its worker dies, and another one goes on. */
export class Accident {
  private killedAt: number | undefined;
  private takenOver = false;
  private successor: number | undefined;

  constructor(
    private readonly replaceWorker: ReplaceWorker,
    private readonly view: View,
    private readonly output: Output,
  ) {}

  get hasHappened(): boolean {
    return this.killedAt !== undefined;
  }

  /** Looks at how the run stands, and strikes when it is half through. */
  async see(state: RunView): Promise<void> {
    if (this.killedAt === undefined) {
      if (isHalfThrough(state)) await this.strike(state);
    } else if (!this.takenOver && !state.stale) this.tellOfTakeover(this.killedAt);
  }

  private async strike(state: RunView): Promise<void> {
    this.view.pause();
    const counts = addCounts(state.targets.values());
    const settled = settledOf(counts);
    this.killedAt = Date.now();
    const { killed, successor } = await this.replaceWorker();
    this.successor = successor.number;
    tellOfKill(
      killed,
      `at ${settled} of ${settled + openOf(counts)}`,
      `${counts.deleting} deletes were under way. AWS goes on with them, and Temporal remembers all ` +
        `that was done. Worker ${successor.number} (process ${successor.process.pid}) starts now: it will ask AWS how those ` +
        'deletes stand and go on from there, without sending any of them twice.',
      this.output,
    );
    this.view.resume();
    // The next look waits for the new worker: until then, this is what was known before.
    this.view.show({ ...state, stale: true });
  }

  private tellOfTakeover(killedAt: number): void {
    this.takenOver = true;
    this.view.pause();
    tellOfTakeover(this.successor ?? 2, Date.now() - killedAt, this.output);
    this.view.resume();
  }
}

function isHalfThrough({ run, targets, stale }: RunView): boolean {
  if (stale || run.phase !== 'running') return false;
  const counts = addCounts(targets.values());
  // Not those that were left from the start: half of the work is meant.
  return counts.deleted >= killAt * (counts.deleted + counts.failed + openOf(counts));
}
