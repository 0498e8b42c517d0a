import type { Clock } from '../core/clock.js';
import type { Timeline } from '../core/timeline.js';
import type { ImageMaker } from '../packer/image-maker.js';
import { Project } from './project.js';
import { MinuteLimit } from './rates.js';
import { GitlabService } from './service.js';
import type { GitlabSettings } from './settings.js';

export interface GitlabOptions {
  clock: Clock;
  timeline: Timeline;
  settings: GitlabSettings;
  /** For jobs that make an image. */
  makeImage: ImageMaker;
}

/** The sandbox's GitLab: its projects, what they hold and what runs in them. */
export class Gitlab {
  readonly settings: GitlabSettings;
  readonly clock: Clock;
  readonly projects: readonly Project[];
  readonly creations: MinuteLimit;
  readonly requests: MinuteLimit | undefined;
  /** What answers HTTP. */
  readonly service: GitlabService;
  private readonly ids = new Map<string, number>();

  constructor({ clock, timeline, settings, makeImage }: GitlabOptions) {
    this.settings = settings;
    this.clock = clock;
    this.creations = new MinuteLimit(settings.creationsPerMinute);
    this.requests =
      settings.requestsPerMinute === undefined
        ? undefined
        : new MinuteLimit(settings.requestsPerMinute);
    const nextId = (kind: string) => this.nextId(kind);
    this.projects = settings.projects.map(
      (spec) => new Project(spec, { timeline, settings, nextId, makeImage }),
    );
    for (const project of this.projects)
      for (const { name, content } of project.spec.secureFiles)
        project.secureFiles.create(name, Buffer.from(content), clock.now());
    this.service = new GitlabService(this);
  }

  /** By id or by path. */
  project(idOrPath: string): Project | undefined {
    return this.projects.find(({ spec }) => String(spec.id) === idOrPath || spec.path === idOrPath);
  }

  /** Every token that it knows, for tests that look for them where they must not be. */
  secrets(): string[] {
    const { token, readToken, jobToken, triggerToken } = this.settings;
    return [token, readToken, jobToken, triggerToken].filter((secret) => secret !== undefined);
  }

  private nextId(kind: string): number {
    const id = (this.ids.get(kind) ?? 0) + 1;
    this.ids.set(kind, id);
    return id;
  }
}
