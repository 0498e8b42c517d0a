import type { PipelineFailure, PlacedPipeline } from './pipeline-schema.js';

/** An image pipeline. */
export class Pipeline {
  readonly arn: string;
  readonly recipe: string;
  /** Number of the newest build. */
  builds = 0;
  lastRun?: { startedAt: number; state: () => string };
  private failuresLeft = 0;

  constructor(
    readonly accountId: string,
    readonly spec: PlacedPipeline,
    readonly createdAt: number,
  ) {
    const slug = spec.name.toLowerCase().replaceAll(' ', '-');
    this.arn = `arn:aws:imagebuilder:${spec.region}:${accountId}:image-pipeline/${slug}`;
    this.recipe = slug;
    this.fail(spec.fail);
  }

  /** How its executions fail from now on; not at all without a failure. */
  fail(failure: PipelineFailure | undefined): void {
    this.spec.fail = failure;
    this.failuresLeft = failure ? (failure.times ?? Infinity) : 0;
  }

  /** How the next execution fails, if it does, counted as one time of it. */
  nextFailure(): PipelineFailure | undefined {
    if (this.failuresLeft <= 0) return undefined;
    this.failuresLeft -= 1;
    return this.spec.fail;
  }
}
