import { JsonService } from '../core/aws-json.js';
import type { Clock } from '../core/clock.js';
import type { Timeline } from '../core/timeline.js';
import type { LogStore } from '../logs/store.js';
import type { ImageMaker } from '../packer/image-maker.js';
import type { Parameters } from '../ssm/parameters.js';
import type { Parts } from './actions/action.js';
import { batchGetBuilds, batchGetProjects } from './actions/batch-get.js';
import { listBuilds, listBuildsForProject } from './actions/list-builds.js';
import { listProjects } from './actions/list-projects.js';
import { retryBuild } from './actions/retry-build.js';
import { startBuild } from './actions/start-build.js';
import { stopBuild } from './actions/stop-build.js';
import type { ObjectWriter } from './artifacts/artifacts.js';
import type { Build } from './build.js';
import { BuildStore } from './build-store.js';
import type { Halt } from './failures.js';
import { Lifecycle } from './lifecycle.js';
import type { ProjectSpec } from './project-schema.js';
import { Project } from './project.js';
import { readSecret } from './secrets.js';
import type { CodeBuildSettings } from './settings.js';
import { needsRetry, Starter } from './starter.js';
import { Tokens } from './tokens.js';

export interface CodeBuildOptions {
  clock: Clock;
  timeline: Timeline;
  logs: LogStore;
  /** Values of variables of type PARAMETER_STORE. */
  parameters: Parameters;
  /** For builds that make images. */
  makeImage: ImageMaker;
  /** Where artifacts go. */
  putObject: ObjectWriter;
  settings: CodeBuildSettings;
}

/** How a build is ended from outside, and what its phase's context says then. */
export interface Ending {
  status: Halt['status'];
  statusCode?: string | undefined;
  message?: string | undefined;
}

/** The sandbox's CodeBuild. */
export class CodeBuild {
  readonly builds = new BuildStore();
  readonly lifecycle: Lifecycle;
  readonly service: JsonService;
  private readonly starter: Starter;

  constructor(readonly options: CodeBuildOptions) {
    const { clock, timeline, logs, settings, makeImage, putObject } = options;
    this.lifecycle = new Lifecycle({
      clock,
      timeline,
      logs,
      settings,
      makeImage,
      putObject,
      sourcesOf: ({ project }) => ({
        parameter: (name) =>
          options.parameters.target(project.accountId, project.region).get(name)?.value,
        secret: (reference) => readSecret(settings.secrets, reference),
      }),
      onEnd: (build, time) => this.retryLater(build, time),
    });
    this.starter = new Starter(this.builds, this.lifecycle);
    this.service = new JsonService(
      ['codebuild'],
      () => clock.now(),
      actionsOf({
        store: this.builds,
        lifecycle: this.lifecycle,
        starter: this.starter,
        tokens: new Tokens(),
        settings,
      }),
    );
  }

  /** Puts a project there. */
  seed(accountId: string, region: string, spec: ProjectSpec): Project {
    const project = new Project(accountId, region, spec, this.options.clock.now());
    this.builds.addProject(project);
    return project;
  }

  /** Ends a build that goes on as if AWS did, at once; what really runs of it is killed first. */
  endBuild(build: Build, { status, message = '', statusCode = status }: Ending): void {
    const context = { statusCode, message };
    this.lifecycle.halt(build, this.options.clock.now(), { status, context });
  }

  /** Kills every process of a build that runs, and removes what they left. */
  close(): Promise<void> {
    return this.lifecycle.close();
  }

  private retryLater(build: Build, time: number): void {
    if (!needsRetry(build)) return;
    const due = time + this.options.settings.autoRetrySeconds * 1000;
    this.lifecycle.at(build, due, (now) => this.starter.retry(build, now));
  }
}

function actionsOf(parts: Parts) {
  return new Map([
    ['StartBuild', startBuild(parts)],
    ['RetryBuild', retryBuild(parts)],
    ['StopBuild', stopBuild(parts)],
    ['BatchGetBuilds', batchGetBuilds(parts)],
    ['ListBuilds', listBuilds(parts)],
    ['ListBuildsForProject', listBuildsForProject(parts)],
    ['BatchGetProjects', batchGetProjects(parts)],
    ['ListProjects', listProjects(parts)],
  ]);
}
