import { type CellId, cellOf, recipeOf } from '../../domain/images/cell.js';
import type { LineState, OpenCheck } from '../../domain/images/line-state.js';
import type { CheckResult, CheckStarted } from '../../domain/images/result.js';
import type { LineSpec } from '../../domain/images/spec.js';
import { activitiesWith } from './activities.js';
import type { LineBuilds } from './line-builds.js';

/** Checks whose end is told once others have followed; they are carried along, so they are few. */
const mostSettled = 5;
/** Checks that go on, however many are asked for while something fails for long. */
const mostChecks = 50;

export interface Begun {
  start: CellId[];
  hold: CellId[];
  unchanged: boolean;
  dryRun: boolean;
}

/** The checks of a line, and what has become of them. */
export class LineChecks {
  constructor(
    private readonly state: LineState,
    private readonly builds: LineBuilds,
  ) {}

  /** Which of the missing images a check sets to be built: the first one no more than its limit. */
  chosen(missing: readonly CellId[], spec: LineSpec): { start: CellId[]; hold: CellId[] } {
    const open = this.builds.open();
    const fresh = missing.filter((id) => !open.has(id));
    if (this.state.begun) return { start: fresh, hold: [] };
    return { start: fresh.slice(0, spec.firstRunLimit), hold: fresh.slice(spec.firstRunLimit) };
  }

  begin(
    { line, channel, recipe }: LineSpec,
    { start, hold, unchanged, dryRun }: Begun,
  ): CheckStarted {
    const { state } = this;
    if (!dryRun) state.checks += 1;
    const started: CheckStarted = {
      line,
      channel,
      check: state.checks,
      unchanged,
      started: start.map(cellOf),
      awaitingApproval: dryRun ? state.awaiting.length + hold.length : state.awaiting.length,
      held: Object.keys(state.held).filter((id) => recipeOf(id) === recipe).length,
    };
    if (dryRun) return started;
    // What others have set to be built is waited for, too: a check is over when nothing is missing.
    const waited = [...new Set([...start, ...this.builds.open()])];
    state.open.push({ started, cells: waited, told: false });
    const settled = state.open.filter(({ told }) => told);
    const old = new Set(settled.slice(0, -mostSettled));
    state.open = state.open.filter((open) => !old.has(open)).slice(-mostChecks);
    return started;
  }

  knows(check: number): boolean {
    return this.find(check) !== undefined;
  }

  isSettled(check: number): boolean {
    const found = this.find(check);
    return !found || isOver(found, this.builds.open());
  }

  result(check: number): CheckResult {
    const found = this.find(check);
    if (!found) throw new RangeError(`there is no check ${check}`);
    const result: CheckResult = { ...found.started, built: [], failed: [] };
    for (const id of found.cells) {
      const [image, held] = [this.state.built[id], this.state.held[id]];
      if (held) {
        const { reason, link } = held;
        result.failed.push({ ...cellOf(id), reason, ...(link === undefined ? {} : { link }) });
      } else if (image)
        result.built.push({
          ...cellOf(id),
          ...(image.imageId === undefined ? {} : { imageId: image.imageId }),
        });
      else result.failed.push({ ...cellOf(id), reason: 'it is not asked for any more' });
    }
    return result;
  }

  get isToTell(): boolean {
    return this.untold() !== undefined;
  }

  /** Tells of checks that have come to their end and had something to do. */
  tell(spec: LineSpec): void {
    for (let check = this.untold(); check; check = this.untold()) {
      check.told = true;
      const { slack } = spec.notifications;
      if (!slack || check.cells.length === 0) continue;
      const result = this.result(check.started.check);
      if (slack.on === 'failure' && result.failed.length === 0) continue;
      const { tell } = activitiesWith(spec.place.pace);
      // A notice that can't be given fails nothing.
      tell.notifyImages({ slack, pace: spec.place.pace, result }).catch(() => undefined);
    }
  }

  private untold(): OpenCheck | undefined {
    const untold = this.state.open.filter(({ told }) => !told);
    if (untold.length === 0) return undefined;
    const open = this.builds.open();
    return untold.find((check) => isOver(check, open));
  }

  private find(check: number): OpenCheck | undefined {
    return this.state.open.find(({ started }) => started.check === check);
  }
}

/** Whether nothing that a check waits for is open any more. */
function isOver({ cells }: OpenCheck, open: ReadonlySet<CellId>): boolean {
  return !cells.some((id) => open.has(id));
}
