import { randomUUID } from 'node:crypto';
import type { LogPlace } from '../logs/store.js';
import type { Behaviour } from './behaviour.js';
import type { BuildOrder } from './order.js';
import {
  succeeded,
  type BuildStatus,
  type EndedStatus,
  type PhaseContext,
  type PhaseOutcome,
  type PhaseStatus,
  type PhaseType,
} from './phases.js';
import type { Project } from './project.js';
import type { StartBuildInput } from './start-input.js';

/** Times are sandbox ms. */
export interface Phase {
  type: PhaseType;
  startedAt: number;
  endedAt?: number;
  /** Absent while it goes on, and for ever in COMPLETED. */
  status?: PhaseStatus;
  context?: PhaseContext;
}

/** Which of a chain of automatic retries a build is. */
export interface AutoRetry {
  /** 0 for the build that somebody started. */
  number: number;
  /** ARNs. */
  previous?: string;
  next?: string;
}

export interface BuildOptions {
  project: Project;
  input: StartBuildInput;
  order: BuildOrder;
  behaviour: Behaviour;
  initiator: string;
  /** Sandbox ms. */
  submittedAt: number;
  autoRetry: AutoRetry;
}

/** One build, from its submission on. */
export class Build {
  readonly uuid = randomUUID();
  readonly number: number;
  readonly phases: Phase[] = [];
  readonly autoRetry: AutoRetry;
  status: BuildStatus = 'IN_PROGRESS';
  endedAt: number | undefined;
  /** Of the command that failed it. */
  exitStatus: number | undefined;
  stopRequestedAt: number | undefined;
  /** Of an artifact that is one ZIP, once it is uploaded; in hex. */
  artifactSums: { md5sum: string; sha256sum: string } | undefined;
  /** Sandbox ms from which it names its log group and stream. */
  logNamedAt = Infinity;

  constructor(readonly options: BuildOptions) {
    this.number = options.project.nextBuildNumber();
    this.autoRetry = options.autoRetry;
  }

  get project(): Project {
    return this.options.project;
  }

  get order(): BuildOrder {
    return this.options.order;
  }

  get id(): string {
    return `${this.project.name}:${this.uuid}`;
  }

  get arn(): string {
    const { region, accountId } = this.project;
    return `arn:aws:codebuild:${region}:${accountId}:build/${this.id}`;
  }

  get hasEnded(): boolean {
    return this.endedAt !== undefined;
  }

  get phase(): Phase | undefined {
    return this.phases.at(-1);
  }

  /** Where its log goes; undefined where logs are switched off. */
  get logPlace(): LogPlace | undefined {
    const { status, group, streamPrefix } = this.order.logs;
    if (status === 'DISABLED') return undefined;
    const { accountId, region } = this.project;
    const stream = streamPrefix === undefined ? this.uuid : `${streamPrefix}/${this.uuid}`;
    return { accountId, region, group, stream };
  }

  enterPhase(type: PhaseType, startedAt: number): void {
    this.phases.push({ type, startedAt });
  }

  leavePhase(endedAt: number, { status, context, exitStatus }: PhaseOutcome = succeeded): void {
    const { phase } = this;
    if (!phase || phase.endedAt !== undefined) return;
    phase.endedAt = endedAt;
    phase.status = status;
    if (context) phase.context = context;
    this.exitStatus ??= exitStatus;
  }

  end(status: EndedStatus, endedAt: number): void {
    this.enterPhase('COMPLETED', endedAt);
    this.status = status;
    this.endedAt = endedAt;
  }
}
