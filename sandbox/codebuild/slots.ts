import type { Build } from './build.js';
import { limitExceeded } from './errors.js';
import { queuedPerConcurrent } from './limits.js';

type Begin = (time: number) => void;

interface Target {
  running: Set<Build>;
  waiting: Map<Build, Begin>;
}

/**
 * How many builds run at once in an account and region. Those beyond it wait, and five times as many at most. The one
 * that has waited longest begins first; of AWS's order nothing is known (guide, "Builds").
 */
export class Slots {
  private readonly targets = new Map<string, Target>();

  constructor(private readonly limit: number) {}

  /** Refuses a build that could not even wait. */
  check(accountId: string, region: string): void {
    const { running, waiting } = this.target(accountId, region);
    const most = this.limit * queuedPerConcurrent;
    if (running.size >= this.limit && waiting.size >= most)
      throw limitExceeded(`Cannot have more than ${most} builds in queue for the account`);
  }

  /** Takes a slot and returns true, or lets the build wait: `begin` is called once it has one. */
  take(build: Build, begin: Begin): boolean {
    const target = this.targetOf(build);
    if (target.running.size < this.limit) {
      target.running.add(build);
      return true;
    }
    target.waiting.set(build, begin);
    return false;
  }

  /** Gives up a build's slot, or its place in the queue. */
  release(build: Build, time: number): void {
    const target = this.targetOf(build);
    target.waiting.delete(build);
    if (!target.running.delete(build)) return;
    const [next] = target.waiting;
    if (!next) return;
    const [waiting, begin] = next;
    target.waiting.delete(waiting);
    target.running.add(waiting);
    begin(time);
  }

  private targetOf({ project }: Build): Target {
    return this.target(project.accountId, project.region);
  }

  private target(accountId: string, region: string): Target {
    const key = `${accountId}/${region}`;
    let target = this.targets.get(key);
    if (!target) {
      target = { running: new Set(), waiting: new Map() };
      this.targets.set(key, target);
    }
    return target;
  }
}
