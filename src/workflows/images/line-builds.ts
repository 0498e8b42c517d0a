import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  ChildWorkflowCancellationType,
  ParentClosePolicy,
  executeChild,
  isCancellation,
  sleep,
} from '@temporalio/workflow';
import { parseDuration } from '../../domain/duration.js';
import { type CellId, cellOf, imageKey, imageWorkflowId } from '../../domain/images/cell.js';
import { type LineState, replacedBy } from '../../domain/images/line-state.js';
import type { ImagesByRegion } from '../../domain/images/manifest.js';
import type { BuiltImage, ImageResult } from '../../domain/images/result.js';
import type { ImageSpec, LineSpec } from '../../domain/images/spec.js';
import { ignoreCancellation } from '../failure.js';
import { failureOf, imageFailed } from './failure.js';
import type { imageBuild } from './image-build.js';

/** The images that a line has built: as many at once as configured, each again after a while when it fails. */
export class LineBuilds {
  private readonly building = new Map<CellId, Promise<void>>();
  /** What uses a builder that makes one image at a time. */
  private readonly lanes = new Map<CellId, string>();

  constructor(
    private readonly state: LineState,
    /** Told of each image that is recorded. */
    private readonly onBuilt: () => void,
  ) {}

  all(): ReadonlySet<CellId> {
    return new Set(this.building.keys());
  }

  /** What is being built, waits for a slot, or is to be tried again. */
  open(): ReadonlySet<CellId> {
    const { pending, failing } = this.state;
    return new Set([...this.building.keys(), ...pending, ...Object.keys(failing)]);
  }

  get waits(): boolean {
    return Object.keys(this.state.failing).length > 0;
  }

  get atRest(): boolean {
    return this.building.size === 0;
  }

  async over(): Promise<void> {
    await Promise.all(this.building.values());
  }

  /** What failed in an earlier run of the workflow is tried again when it is due. */
  takeUp(): void {
    for (const id of Object.keys(this.state.failing)) void this.tryLater(id);
  }

  /** Sets to be built what isn't there, and isn't open. */
  add(ids: readonly CellId[]): void {
    this.state.pending.push(...ids);
  }

  /** Sets something to be built that a person asks for: held or not, and built already where it is to be anew. */
  want(id: CellId, anew: boolean): boolean {
    const image = this.state.built[id];
    if (this.building.has(id) || (image && !anew)) return false;
    if (image?.imageId !== undefined)
      this.state.rebuilt[id] = [...new Set([...(this.state.rebuilt[id] ?? []), image.imageId])];
    this.state.held = without(this.state.held, id);
    this.state.failing = without(this.state.failing, id);
    this.state.awaiting = this.state.awaiting.filter((other) => other !== id);
    if (!this.state.pending.includes(id)) this.state.pending.push(id);
    return true;
  }

  /** An image is there no more. What was built once is not missing for that. */
  forgetImage(id: CellId): void {
    const image = this.state.built[id];
    if (image) this.state.built[id] = { ...image, prunedAt: new Date().toISOString() };
    this.onBuilt();
  }

  canFill(spec: LineSpec): boolean {
    return this.next(spec) !== undefined;
  }

  /** Starts what waits, as far as there is room. */
  fill(spec: LineSpec): void {
    for (let id = this.next(spec); id !== undefined; id = this.next(spec)) {
      this.state.pending.splice(this.state.pending.indexOf(id), 1);
      const order = this.specOf(id, spec);
      // A base OS or an architecture that the config has no more.
      if (order) this.begin(id, order, spec);
    }
  }

  private next(spec: LineSpec): CellId | undefined {
    if (this.building.size >= spec.concurrency) return undefined;
    const taken = new Set(this.lanes.values());
    return this.state.pending.find((id) => !taken.has(laneOf(id, spec)));
  }

  private begin(id: CellId, order: ImageSpec, spec: LineSpec): void {
    this.lanes.set(id, laneOf(id, spec));
    const over = this.made(id, order, spec).then(
      (result) => this.succeeded(id, result, order, spec),
      (error: unknown) => this.failed(id, error, order, spec),
    );
    this.building.set(id, over);
  }

  private async made(id: CellId, order: ImageSpec, spec: LineSpec): Promise<ImageResult> {
    const workflowId = imageWorkflowId(spec, spec.product, id);
    try {
      return await executeChild<typeof imageBuild>('imageBuild', {
        workflowId,
        args: [order],
        parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
        cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      // Of a line that was terminated: it is still stopping what it had begun.
      throw imageFailed(`${workflowId} runs already`);
    }
  }

  private succeeded(id: CellId, result: ImageResult, order: ImageSpec, spec: LineSpec): void {
    this.free(id);
    const { imageId, copies, builtAt } = result;
    const image: BuiltImage = { imageId, builtAt, ...(copies ? { copies } : {}) };
    if (spec.deprecateAfter !== undefined)
      for (const other of replacedBy(id, this.state, spec)) {
        const older = this.state.built[other];
        if (older) this.state.built[other] = { ...older, replacedAt: builtAt };
      }
    this.state.built[id] = image;
    this.state.failing = without(this.state.failing, id);
    this.state.held = without(this.state.held, id);
    if (order.exclude) this.state.rebuilt = without(this.state.rebuilt, id);
    this.onBuilt();
  }

  private failed(id: CellId, error: unknown, order: ImageSpec, spec: LineSpec): void {
    this.free(id);
    // A person has cancelled it, and is to say when it goes on.
    const isCancelled = isCancellation(error);
    const failure = isCancelled ? { reason: 'its build was cancelled' } : failureOf(error);
    const { most, delay, factor } = spec.attempts;
    const attempts = order.attempt;
    this.state.failing = without(this.state.failing, id);
    if (attempts >= most || isCancelled) {
      this.state.held[id] = { ...failure, attempts };
      this.state.rebuilt = without(this.state.rebuilt, id);
      return;
    }
    const wait = Math.round(parseDuration(delay) * factor ** (attempts - 1));
    const nextTry = new Date(Date.now() + wait).toISOString();
    this.state.failing[id] = { ...failure, attempts, nextTry };
    void this.tryLater(id);
  }

  private async tryLater(id: CellId): Promise<void> {
    const failing = this.state.failing[id];
    if (!failing) return;
    const due = Date.parse(failing.nextTry) - Date.now();
    if (due > 0) await sleep(due).catch(ignoreCancellation);
    // Unless a person has asked for it meanwhile.
    if (this.state.failing[id] === failing && !this.state.pending.includes(id))
      this.state.pending.push(id);
  }

  private free(id: CellId): void {
    this.building.delete(id);
    this.lanes.delete(id);
  }

  private specOf(id: CellId, spec: LineSpec): ImageSpec | undefined {
    const cell = cellOf(id);
    const os = spec.baseOs.find(({ name }) => name === cell.os);
    const baseImage = os?.images[cell.arch];
    if (!os || !baseImage) return undefined;
    const { name, user, variables } = os;
    const exclude = this.state.rebuilt[id];
    const { line, channel, product, place, builder, recipe, tags, copyTo, shareWith } = spec;
    const { deprecateAfter, smokeTest, imageTimeout } = spec;
    return {
      line,
      channel,
      product,
      place,
      builder,
      tags,
      copyTo,
      shareWith,
      imageTimeout,
      cell,
      id,
      key: imageKey(spec, product, id),
      os: { name, variables, ...(user === undefined ? {} : { user }) },
      baseImage,
      attempt: (this.state.failing[id]?.attempts ?? 0) + 1,
      replaces: this.replaced(id, spec),
      ...(exclude ? { exclude } : {}),
      ...(recipe === undefined ? {} : { recipe }),
      ...(deprecateAfter === undefined ? {} : { deprecateAfter }),
      ...(smokeTest ? { smokeTest } : {}),
    };
  }

  private replaced(id: CellId, spec: LineSpec): ImagesByRegion[] {
    if (spec.deprecateAfter === undefined) return [];
    const older = replacedBy(id, this.state, spec).flatMap(
      (other) => this.state.built[other] ?? [],
    );
    const own = this.state.built[id];
    const { region } = spec.place.target;
    return [...older, ...(own ? [own] : [])].flatMap(({ imageId, copies }) =>
      imageId === undefined ? [] : [{ ...copies, [region]: imageId }],
    );
  }
}

/** What can make one image at a time: a pipeline that is told by one parameter what to build. Others have no such. */
function laneOf(id: CellId, { builder }: LineSpec): string {
  if (builder.kind !== 'imageBuilder' || builder.parameter === undefined) return id;
  const { os, arch } = cellOf(id);
  return builder.parameter.replaceAll('{os}', os).replaceAll('{arch}', arch);
}

function without<T>(cells: Record<CellId, T>, id: CellId): Record<CellId, T> {
  const { [id]: _gone, ...others } = cells;
  return others;
}
