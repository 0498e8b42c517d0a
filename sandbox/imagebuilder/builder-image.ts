import type { Pipeline } from './pipeline.js';
import type { WorkState } from './pipeline-schema.js';

export type BuilderState = 'PENDING' | WorkState | 'AVAILABLE' | 'FAILED' | 'CANCELLED';

/** An AMI that came out of an execution. */
export interface OutputAmi {
  region: string;
  image: string;
  name: string;
  accountId: string;
}

/** What one execution of a pipeline makes: Image Builder's image, a build version. */
export class BuilderImage {
  readonly arn: string;
  state: BuilderState = 'PENDING';
  reason: string | undefined;
  readonly amis: OutputAmi[] = [];
  /** The states that it has been in, with when they began (sandbox ms). */
  readonly states: { state: BuilderState; since: number }[];
  readonly build: number;

  constructor(
    readonly pipeline: Pipeline,
    readonly startedAt: number,
    readonly tags: Readonly<Record<string, string>>,
  ) {
    this.build = ++pipeline.builds;
    const { region } = pipeline.spec;
    this.arn = `arn:aws:imagebuilder:${region}:${pipeline.accountId}:image/${pipeline.recipe}/1.0.0/${this.build}`;
    this.states = [{ state: 'PENDING', since: startedAt }];
    pipeline.lastRun = { startedAt, state: () => this.state };
  }

  get hasEnded(): boolean {
    return ['AVAILABLE', 'FAILED', 'CANCELLED'].includes(this.state);
  }

  enter(state: BuilderState, time: number, reason?: string): void {
    this.state = state;
    this.reason = reason;
    this.states.push({ state, since: time });
  }
}
