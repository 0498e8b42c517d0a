import type { Timeline } from '../../core/timeline.js';
import type { ImageMaker } from '../../packer/image-maker.js';
import { endJob } from './outcome.js';
import type { Bridge, Job, Pipeline, PipelineOptions } from './pipeline.js';
import { isTerminal, type CiStatus } from './status.js';

export interface LifecycleOptions {
  timeline: Timeline;
  nextId: () => number;
  /** Puts a child there and starts it. */
  startChild: (options: Omit<PipelineOptions, 'id' | 'iid'>) => Pipeline;
  makeImage: ImageMaker;
}

type Part = Job | Bridge;

/** What happens to a pipeline, from its creation to its end. Times are sandbox time in ms since the epoch. */
export class Lifecycle {
  /** Runs of jobs that were to fail, by job and what they are counted by. */
  private readonly failures = new Map<string, number>();

  constructor(private readonly options: LifecycleOptions) {}

  start(pipeline: Pipeline, now: number): void {
    const { jobs, children, seconds } = pipeline.options.behaviour;
    for (const spec of jobs) pipeline.parts.push(this.newJob(spec, now));
    for (const spec of children) pipeline.parts.push(this.newBridge(spec, now));
    const [first] = pipeline.stages;
    for (const part of pipeline.ofStage(first ?? '')) part.status = 'pending';
    this.options.timeline.at(now + seconds * 1000, (at) => this.advance(pipeline, at));
  }

  /** Cancels whatever of it isn't over, its children included. */
  cancel(pipeline: Pipeline, now: number): void {
    for (const part of pipeline.latest) {
      if (isTerminal(part.status)) continue;
      if (part.kind === 'bridge' && part.child) this.cancel(part.child, now);
      this.end(pipeline, part, 'canceled', now);
    }
    this.touch(pipeline, now);
  }

  /** Runs what failed or was cancelled once more, and what was skipped for it. */
  retry(pipeline: Pipeline, now: number): void {
    for (const part of pipeline.latest) {
      if (part.status === 'failed' || part.status === 'canceled') this.again(pipeline, part, now);
      else if (part.status === 'skipped') part.status = 'created';
    }
    pipeline.finishedAt = undefined;
    this.advance(pipeline, now);
  }

  /** Runs a manual job. False: it waits for nobody. */
  play(pipeline: Pipeline, job: Job, now: number): boolean {
    if (job.status !== 'manual') return false;
    this.run(pipeline, job, now);
    this.touch(pipeline, now);
    return true;
  }

  private newJob(spec: Job['spec'], createdAt: number): Job {
    const { name, stage, allowFailure } = spec;
    return {
      kind: 'job',
      ...{ id: this.options.nextId(), name, stage, allowFailure, spec, createdAt },
      ...{ status: 'created', retried: false, artifacts: new Map(), lastLines: [] },
    };
  }

  private newBridge(spec: Bridge['spec'], createdAt: number): Bridge {
    const { name, stage, allowFailure } = spec;
    const id = this.options.nextId();
    return {
      kind: 'bridge',
      id,
      name,
      stage,
      allowFailure,
      spec,
      createdAt,
      status: 'created',
      retried: false,
    };
  }

  private again(pipeline: Pipeline, part: Part, now: number): void {
    part.retried = true;
    pipeline.parts.push(
      part.kind === 'job' ? this.newJob(part.spec, now) : this.newBridge(part.spec, now),
    );
  }

  /** Begins the first stage that isn't over, or ends the pipeline. */
  private advance(pipeline: Pipeline, now: number): void {
    for (const stage of pipeline.stages) {
      const parts = pipeline.ofStage(stage);
      for (const part of parts)
        if (part.status === 'created' || part.status === 'pending') this.begin(pipeline, part, now);
      if (parts.some(blocks)) break;
      if (parts.some(stops)) {
        this.skipRest(pipeline);
        break;
      }
    }
    this.touch(pipeline, now);
  }

  private begin(pipeline: Pipeline, part: Part, now: number): void {
    pipeline.startedAt ??= now;
    if (part.kind === 'bridge') this.startChild(pipeline, part, now);
    else if (part.spec.manual) part.status = 'manual';
    else this.run(pipeline, part, now);
  }

  private run(pipeline: Pipeline, job: Job, now: number): void {
    job.status = 'running';
    job.startedAt = now;
    this.options.timeline.at(now + job.spec.seconds * 1000, (at) => {
      if (job.status !== 'running') return;
      const status = endJob(pipeline, job, this.failures, this.options.makeImage, at);
      this.end(pipeline, job, status, at);
      this.advance(pipeline, at);
    });
  }

  private startChild(pipeline: Pipeline, bridge: Bridge, now: number): void {
    const { ref, variables } = pipeline.options;
    bridge.status = 'running';
    bridge.startedAt = now;
    bridge.child = this.options.startChild({
      ref,
      variables,
      source: 'parent_pipeline',
      behaviour: bridge.spec.pipeline,
      createdAt: now,
      parent: { bridge, of: pipeline },
    });
    if (!bridge.spec.depend) this.end(pipeline, bridge, 'success', now);
  }

  private end(pipeline: Pipeline, part: Part, status: CiStatus, now: number): void {
    part.status = status;
    part.finishedAt = now;
    pipeline.updatedAt = now;
  }

  private skipRest(pipeline: Pipeline): void {
    for (const part of pipeline.latest) if (part.status === 'created') part.status = 'skipped';
  }

  /** Notes that it has changed and, at its end, tells the bridge that waits for it. */
  private touch(pipeline: Pipeline, now: number): void {
    pipeline.updatedAt = now;
    if (!pipeline.isOver) return;
    pipeline.finishedAt ??= now;
    const { parent } = pipeline.options;
    if (parent?.bridge.status !== 'running') return;
    const status = pipeline.status === 'skipped' ? 'success' : pipeline.status;
    this.end(parent.of, parent.bridge, status, now);
    this.advance(parent.of, now);
  }
}

/** The stages after it wait. */
function blocks({ status, allowFailure }: Part): boolean {
  return !isTerminal(status) && !(status === 'manual' && allowFailure);
}

function stops({ status, allowFailure }: Part): boolean {
  return !allowFailure && (status === 'failed' || status === 'canceled');
}
