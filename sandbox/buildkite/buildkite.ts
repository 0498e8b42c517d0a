import type { Clock } from '../core/clock.js';
import type { Timeline } from '../core/timeline.js';
import { Agents } from './agents.js';
import type { Job } from './job.js';
import { Jobs } from './jobs.js';
import { Lifecycle } from './lifecycle.js';
import { Rates } from './rates.js';
import { BuildkiteService } from './service.js';
import type { BuildkiteJobSpec, BuildkiteSettings } from './settings.js';
import { Stacks } from './stacks/stacks.js';

export interface BuildkiteOptions {
  clock: Clock;
  timeline: Timeline;
  settings: BuildkiteSettings;
  /** Of the uuids that are made up. */
  seed: number;
}

/** The sandbox's Buildkite: one organization, one cluster, its jobs, agents and stacks. */
export class Buildkite {
  readonly settings: BuildkiteSettings;
  readonly clock: Clock;
  readonly jobs: Jobs;
  readonly agents: Agents;
  readonly stacks = new Stacks();
  readonly lifecycle: Lifecycle;
  readonly rates: Rates;
  /** Queues that give out no jobs. */
  readonly pausedQueues = new Set<string>();
  /** What answers HTTP. */
  readonly service: BuildkiteService;

  constructor({ clock, timeline, settings, seed }: BuildkiteOptions) {
    this.settings = settings;
    this.clock = clock;
    this.jobs = new Jobs(seed);
    this.lifecycle = new Lifecycle({
      settings,
      timeline,
      retry: (job, now) => this.jobs.again(job, now),
    });
    this.agents = new Agents({ settings, timeline, lifecycle: this.lifecycle });
    this.rates = new Rates(settings.rateLimits);
    this.service = new BuildkiteService(this);
    for (const job of settings.jobs) this.createJob(job);
  }

  createJob(spec: BuildkiteJobSpec): Job {
    return this.jobs.create(spec, this.clock.now());
  }

  hasQueue(queue: string): boolean {
    return this.settings.queues?.includes(queue) ?? true;
  }

  /** Every token that was ever handed out, for tests that look for them where they must not be. */
  secrets(): string[] {
    const jobs = this.settings.jobTokens ? [...this.jobs.all()].map((job) => job.token) : [];
    return [this.settings.token, ...this.agents.all().map((agent) => agent.token), ...jobs];
  }
}
