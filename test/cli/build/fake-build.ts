import type { Build, LogPage, StartedBuild } from '../../../src/cli/build/builds.js';
import type {
  BuildPhase,
  BuildResult,
  BuildSnapshot,
  EndedStatus,
} from '../../../src/domain/builds/result.js';
import { events, start } from './log-text.js';

export const started: StartedBuild = {
  buildId: 'image:0f3a',
  arn: 'arn:aws:codebuild:us-east-1:111111111111:build/image:0f3a',
  project: 'image',
  target: { account: { id: '111111111111', name: 'dev-1' }, region: 'us-east-1' },
  links: { console: 'https://console.aws.example/image%3A0f3a' },
};

const at = (second: number) => new Date(start + second * 1_000).toISOString();

/** The phases of a build whose commands ended with this status. */
export function phasesOf(exitStatus: number): BuildPhase[] {
  const ok = { status: 'SUCCEEDED' };
  return [
    { type: 'SUBMITTED', ...ok, startedAt: at(0), endedAt: at(0), seconds: 0 },
    { type: 'QUEUED', ...ok, startedAt: at(0), endedAt: at(1), seconds: 1 },
    exitStatus === 0
      ? { type: 'BUILD', ...ok, startedAt: at(1), endedAt: at(64), seconds: 63 }
      : {
          type: 'BUILD',
          status: 'FAILED',
          startedAt: at(1),
          endedAt: at(64),
          message: `COMMAND_EXECUTION_ERROR: Error while executing command: make test. Reason: exit status ${exitStatus}`,
        },
    { type: 'COMPLETED', startedAt: at(65) },
  ];
}

export function resultOf(status: EndedStatus, exitStatus = 0): BuildResult {
  return {
    workflowId: 'build-image-w',
    runId: 'r',
    ...started,
    status,
    ...(exitStatus === 0 ? {} : { exitStatus }),
    ...(status === 'SUCCEEDED' ? {} : { reason: `${status} in BUILD` }),
    phases: phasesOf(exitStatus),
    startedAt: at(0),
    endedAt: at(65),
    log: { bytes: 1, events: 1 },
    earlier: [],
  };
}

interface Script {
  /** One page each. */
  log?: readonly string[];
  result?: BuildResult;
  /** Goes on after its log until it is stopped. */
  lasts?: boolean;
  logDisabled?: boolean;
  workflowId?: string | undefined;
}

/** A build that goes as its script says. */
export class FakeBuild implements Build {
  readonly workflowId: string | undefined;
  readonly stops: (string | undefined)[] = [];
  /** Pages that were asked for. */
  pages = 0;
  private end: () => void = () => undefined;
  private readonly ended: Promise<void>;

  constructor(private readonly script: Script = {}) {
    this.workflowId = 'workflowId' in script ? script.workflowId : 'build-image-w';
    this.ended = new Promise((resolve) => (this.end = resolve));
    if (!script.lasts) this.end();
  }

  started(): Promise<StartedBuild> {
    return Promise.resolve(started);
  }

  status(): Promise<BuildSnapshot> {
    const hasEnded = !this.script.lasts;
    return Promise.resolve({
      ...started,
      status: hasEnded ? this.outcome.status : 'IN_PROGRESS',
      phases: this.outcome.phases,
      startedAt: at(0),
      ...(hasEnded ? { endedAt: at(65) } : {}),
      log: this.script.logDisabled ? { disabled: true } : {},
    });
  }

  async result(): Promise<BuildResult> {
    await this.ended;
    return this.outcome;
  }

  async *logs(options: { follow?: boolean; signal?: AbortSignal } = {}): AsyncGenerator<LogPage> {
    const { buildId } = started;
    for (const text of this.script.log ?? []) {
      this.pages += 1;
      yield { buildId, events: events(text), status: 'IN_PROGRESS', phase: 'BUILD' };
    }
    if (options.follow) await this.ended;
    yield { buildId, events: [], status: this.outcome.status, phase: 'COMPLETED' };
  }

  stop(reason?: string): Promise<void> {
    this.stops.push(reason);
    this.end();
    return Promise.resolve();
  }

  private get outcome(): BuildResult {
    if (this.stops.length > 0) return resultOf('STOPPED');
    return this.script.result ?? resultOf('SUCCEEDED');
  }
}
