import {
  ApplicationFailure,
  CancellationScope,
  TemporalFailure,
  condition,
  isCancellation,
  workflowInfo,
} from '@temporalio/workflow';
import { InvalidInputError } from '../../domain/errors.js';
import { type CellId, cellId, cellOf } from '../../domain/images/cell.js';
import { choose } from '../../domain/images/choose.js';
import {
  type LineState,
  cellStatuses,
  missingCells,
  newLineState,
  waitsForApproval,
} from '../../domain/images/line-state.js';
import type {
  BuildRequest,
  CheckRequest,
  LineRequest,
  PruneRequest,
  PruneResult,
  ReleaseRequest,
  ReleaseResult,
  SeedRequest,
  SeedResult,
} from '../../domain/images/messages.js';
import { prunable } from '../../domain/images/prune.js';
import type {
  CheckResult,
  CheckStarted,
  LineRecord,
  LineStatus,
} from '../../domain/images/result.js';
import { type FoundCell, seeded } from '../../domain/images/seed.js';
import type { LineSpec } from '../../domain/images/spec.js';
import { ignoreCancellation, messageOf, unwrapped } from '../failure.js';
import { activitiesWith } from './activities.js';
import { LineBuilds } from './line-builds.js';
import { LineChecks } from './line-checks.js';
import { TrackerWriter } from './tracker-writer.js';

/** A line at work: what is asked of it is done one by one, while images are built. */
export class LineRun {
  private readonly state: LineState;
  private readonly isNew: boolean;
  private request: LineRequest;
  private spec: LineSpec | undefined;
  private trouble: string | undefined;
  /** What is asked for, in order: one at a time changes what is wanted and recorded. */
  private readonly asked: (() => Promise<void>)[] = [];
  private serving = false;
  private continuing = false;
  /** Why there is no such line, or none that can be worked on. */
  private none: { error: unknown } | undefined;
  private readonly builds: LineBuilds;
  private readonly checks: LineChecks;
  private readonly tracker = new TrackerWriter();

  constructor(request: LineRequest, carried: LineState | undefined) {
    this.request = request;
    this.isNew = carried === undefined;
    this.state = carried ?? newLineState();
    this.builds = new LineBuilds(this.state, () => this.tracker.note());
    this.checks = new LineChecks(this.state, this.builds);
  }

  /**
   * Goes on until its history is long: what the workflow is to continue with. Nothing where the first thing that was
   * asked of the line showed that there is none.
   */
  async run(): Promise<[LineRequest, LineState] | undefined> {
    this.builds.takeUp();
    if (this.state.pending.length > 0 || this.builds.waits) this.asked.push(() => this.resume());
    // What an earlier run recorded may not be written yet. A new line has nothing to say.
    if (!this.isNew) this.tracker.note();
    try {
      for (;;) {
        this.continuing ||= workflowInfo().continueAsNewSuggested;
        if (this.continuing && this.isAtRest) return [this.request, this.state];
        await condition(() => this.hasWork);
        if (this.none) return undefined;
        this.turn();
      }
    } catch (error) {
      // Its builds are cancelled with it; they stop what they have begun.
      if (isCancellation(error)) await CancellationScope.nonCancellable(() => this.builds.over());
      throw error;
    }
  }

  status(): LineStatus {
    return this.statusOf(this.builds.all());
  }

  /** As the line stands, with what a check would hold back now. */
  plan(): LineStatus {
    const { spec, state } = this;
    const status = this.status();
    if (!spec) return status;
    const { hold } = this.checks.chosen(missingCells(state, spec), spec);
    const waits = new Set(hold);
    return {
      ...status,
      awaitingApproval: status.awaitingApproval + hold.length,
      cells: status.cells.map((cell) =>
        waits.has(cellId(cell, spec.recipe)) ? { ...cell, reason: waitsForApproval } : cell,
      ),
    };
  }

  record(): LineRecord {
    const { line, channel } = this.request;
    return { line, channel, product: this.spec?.product ?? '', built: this.state.built };
  }

  async check(request: CheckRequest): Promise<CheckStarted> {
    return await this.ask(request.setup, async (spec) => {
      const unchanged = await this.lookAtMirror(spec);
      await this.lookAtImages(spec);
      if (this.tracker.trouble !== undefined) this.tracker.note();
      const dryRun = request.dryRun ?? false;
      if (request.approve && !dryRun) this.state.awaiting = [];
      const { start, hold } = this.checks.chosen(missingCells(this.state, spec), spec);
      if (!dryRun) {
        this.state.begun = true;
        this.state.awaiting.push(...hold);
        this.builds.add(start);
      }
      return this.checks.begin(spec, { start, hold, unchanged, dryRun });
    });
  }

  /** Resolves when all that a check waits for has come to its end; null when the line is to be asked again. */
  async settled(check: number): Promise<CheckResult | null> {
    if (!this.checks.knows(check))
      throw ApplicationFailure.nonRetryable(`there is no check ${check} of this line`, 'NotFound');
    await condition(() => this.checks.isSettled(check) || this.continuing);
    return this.checks.isSettled(check) ? this.checks.result(check) : null;
  }

  async build(request: BuildRequest): Promise<CheckStarted> {
    return await this.ask(request.setup, async (spec) => {
      const unchanged = await this.lookAtMirror(spec);
      await this.lookAtImages(spec);
      const wanted = choose(this.state, spec, request);
      const start = wanted.filter((id) => this.builds.want(id, request.rebuild ?? false));
      return this.checks.begin(spec, { start, hold: [], unchanged, dryRun: false });
    });
  }

  async release(request: ReleaseRequest): Promise<ReleaseResult> {
    return await this.ask(request.setup, (spec) => {
      const chosen = new Set(choose(this.state, spec, request));
      const ids = Object.keys(this.state.held).filter((id) => chosen.has(id));
      for (const id of ids) this.builds.want(id, false);
      return Promise.resolve({ released: ids.map(cellOf) });
    });
  }

  async seed({ setup, from }: SeedRequest): Promise<SeedResult> {
    return await this.ask(setup, async (spec) => {
      const { look } = activitiesWith(spec.place.pace);
      // Which releases there are of a version that is known without one.
      await this.lookAtMirror(spec);
      const found =
        from === 'tracker'
          ? await unwrapped(look.readTracker({ spec }))
          : await unwrapped(look.listImages({ spec }));
      return this.take(spec, found);
    });
  }

  async prune({ setup, dryRun = false, images: only }: PruneRequest): Promise<PruneResult> {
    return await this.ask(setup, async (spec) => {
      const { look, change } = activitiesWith(spec.place.pace);
      const listed = await unwrapped(look.listImages({ spec }));
      const pruned = prunable(this.state, spec, listed, this.builds.all()).filter(
        ({ imageId }) => only?.includes(imageId) ?? true,
      );
      if (!dryRun && pruned.length > 0) {
        const images = pruned.map(({ images: byRegion }) => byRegion);
        await unwrapped(change.removeImages({ place: spec.place, images }));
        for (const { id, imageId } of pruned)
          if (this.state.built[id]?.imageId === imageId) this.builds.forgetImage(id);
      }
      return { pruned: pruned.map(({ id, imageId, why }) => ({ ...cellOf(id), imageId, why })) };
    });
  }

  private statusOf(building: ReadonlySet<CellId>): LineStatus {
    const { line, channel } = this.request;
    const { spec, state, trouble } = this;
    return {
      line,
      channel,
      product: spec?.product ?? '',
      cells: spec ? cellStatuses(state, spec, building) : [],
      awaitingApproval: state.awaiting.length,
      ...(state.checkedAt === undefined ? {} : { checkedAt: state.checkedAt }),
      ...(trouble === undefined ? {} : { trouble }),
      ...(this.tracker.trouble === undefined ? {} : { trackerTrouble: this.tracker.trouble }),
    };
  }

  /** Does something as the only one that does, by the newest settings. */
  private async ask<T>(
    setup: LineRequest['setup'],
    work: (spec: LineSpec) => Promise<T>,
  ): Promise<T> {
    let outcome: { value: T } | { error: unknown } | undefined;
    this.asked.push(async () => {
      try {
        if (setup) this.request = { ...this.request, setup };
        outcome = { value: await work(await this.configure()) };
      } catch (error) {
        if (isCancellation(error)) throw error;
        this.trouble = messageOf(error);
        if (!this.spec && this.isNew) this.none = { error };
        outcome = { error };
      }
    });
    await condition(() => outcome !== undefined || this.none !== undefined);
    if (outcome && 'value' in outcome) return outcome.value;
    throw asFailure((outcome ?? this.none)?.error);
  }

  /** What was under way before the workflow continued as new needs settings to go on by. */
  private async resume(): Promise<void> {
    await this.configure().catch((error: unknown) => {
      if (isCancellation(error)) throw error;
      this.trouble = messageOf(error);
    });
  }

  private turn(): void {
    const next = this.serving ? undefined : this.asked.shift();
    if (next) {
      this.serving = true;
      // The slots are filled meanwhile: a mirror may take minutes to answer.
      void next()
        .catch(ignoreCancellation)
        .finally(() => (this.serving = false));
    }
    const { spec } = this;
    if (!spec) return;
    if (!this.continuing) this.builds.fill(spec);
    this.tracker.write(spec);
    this.checks.tell(spec);
  }

  private get hasWork(): boolean {
    const { spec } = this;
    if (this.none) return true;
    if (!this.serving && this.asked.length > 0) return true;
    if (this.continuing && this.isAtRest) return true;
    if (!this.continuing && workflowInfo().continueAsNewSuggested) return true;
    if (!spec) return false;
    const canFill = !this.continuing && this.builds.canFill(spec);
    return canFill || this.tracker.isDue || this.checks.isToTell;
  }

  private get isAtRest(): boolean {
    return (
      !this.serving &&
      this.asked.length === 0 &&
      this.builds.atRest &&
      !this.tracker.isBusy &&
      !(this.spec && this.tracker.isDue)
    );
  }

  private async configure(): Promise<LineSpec> {
    const spec = await unwrapped(activitiesWith().look.prepareLine(this.request));
    this.spec = spec;
    return spec;
  }

  /**
   * What was built before the line knew of it: by an earlier life of the line, or by another tool. The tracker is read
   * before it is ever written: what only it knows would be lost.
   */
  private async lookAtImages(spec: LineSpec): Promise<void> {
    if (this.state.seeded) return;
    const { look } = activitiesWith(spec.place.pace);
    this.take(spec, await unwrapped(look.listImages({ spec })));
    this.take(spec, await this.tracked(spec));
    this.state.seeded = true;
  }

  private async tracked(spec: LineSpec): Promise<FoundCell[]> {
    if (!spec.tracker) return [];
    const { look } = activitiesWith(spec.place.pace);
    try {
      return await unwrapped(look.readTracker({ spec }));
    } catch (error) {
      // There is none yet.
      if (error instanceof ApplicationFailure && error.type === 'NotFound') return [];
      throw error;
    }
  }

  private take(spec: LineSpec, found: readonly FoundCell[]): SeedResult {
    const { built, added } = seeded(this.state, found, spec);
    Object.assign(this.state.built, built);
    if (added > 0) this.tracker.note();
    return { found: found.length, added };
  }

  /** Reads the mirror. One that can't be read changes nothing: what was wanted stays wanted. */
  private async lookAtMirror(spec: LineSpec): Promise<boolean> {
    const { look } = activitiesWith(spec.place.pace);
    const { product, source, versions, newest, architectures, companions } = spec;
    const line = { product, source, versions, newest, architectures, companions };
    const of = JSON.stringify(line);
    const { mirror } = this.state;
    const before = mirror?.of === of ? { before: mirror.state } : {};
    const pace = source.login ? { pace: spec.place.pace } : {};
    const reading = await unwrapped(look.readSource({ line, ...before, ...pace }));
    this.state.mirror = { state: reading.state, of };
    this.state.checkedAt = new Date().toISOString();
    this.trouble = undefined;
    if (reading.kind === 'unchanged') return true;
    this.state.wanted = reading.versions;
    return false;
  }
}

/** An update fails with what was wrong; anything else would fail the workflow's task again and again. */
function asFailure(error: unknown): Error {
  if (error instanceof TemporalFailure) return error;
  const isInput = error instanceof InvalidInputError;
  return ApplicationFailure.nonRetryable(messageOf(error), isInput ? 'InvalidInput' : 'Internal');
}
