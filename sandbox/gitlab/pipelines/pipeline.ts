import type { ChildSpec, BehaviourSpec, GitlabJobSpec } from './spec.js';
import { compositeOf, isTerminal, type CiStatus } from './status.js';

export const pipelineSources = ['api', 'trigger', 'pipeline', 'parent_pipeline'] as const;
export type PipelineSource = (typeof pipelineSources)[number];

export interface PipelineVariable {
  key: string;
  value: string;
  variable_type: 'env_var' | 'file';
}

interface Runs {
  id: number;
  name: string;
  stage: string;
  allowFailure: boolean;
  status: CiStatus;
  createdAt: number;
  startedAt?: number;
  finishedAt?: number;
  /** Another run has taken its place. */
  retried: boolean;
}

/** One run of a job. Times are sandbox time in ms since the epoch. */
export interface Job extends Runs {
  kind: 'job';
  spec: GitlabJobSpec;
  failureReason?: string;
  artifacts: ReadonlyMap<string, string>;
  /** Lines after those that its spec says. */
  lastLines: string[];
}

/** The job that starts a child pipeline. */
export interface Bridge extends Runs {
  kind: 'bridge';
  spec: ChildSpec;
  child?: Pipeline;
}

export interface PipelineOptions {
  id: number;
  /** Within its project. */
  iid: number;
  ref: string;
  source: PipelineSource;
  variables: readonly PipelineVariable[];
  inputs?: Readonly<Record<string, unknown>>;
  behaviour: BehaviourSpec;
  createdAt: number;
  /** The bridge that started it. */
  parent?: { bridge: Bridge; of: Pipeline };
}

/** A pipeline: its jobs and bridges, by stages. */
export class Pipeline {
  readonly parts: (Job | Bridge)[] = [];
  readonly stages: readonly string[];
  updatedAt: number;
  finishedAt: number | undefined;
  startedAt: number | undefined;

  constructor(readonly options: PipelineOptions) {
    const { jobs, children } = options.behaviour;
    this.stages = [...new Set([...jobs, ...children].map(({ stage }) => stage))];
    this.updatedAt = options.createdAt;
  }

  get id(): number {
    return this.options.id;
  }

  /** Parts that count: those that were retried don't. */
  get latest(): (Job | Bridge)[] {
    return this.parts.filter(({ retried }) => !retried);
  }

  get jobs(): Job[] {
    return this.parts.filter((part) => part.kind === 'job');
  }

  get bridges(): Bridge[] {
    return this.parts.filter((part) => part.kind === 'bridge');
  }

  get status(): CiStatus {
    return compositeOf(this.latest);
  }

  get isOver(): boolean {
    return isTerminal(this.status);
  }

  ofStage(stage: string): (Job | Bridge)[] {
    return this.latest.filter((part) => part.stage === stage);
  }

  value(variable: string): string | undefined {
    return this.options.variables.find(({ key }) => key === variable)?.value;
  }

  /** `$NAME` and `${NAME}` replaced by the variable; by nothing where there is none. */
  expand(text: string): string {
    return text.replaceAll(
      /\$(?:\{(\w+)\}|(\w+))/g,
      (_, braced?: string, bare?: string) => this.value(braced ?? bare ?? '') ?? '',
    );
  }
}
