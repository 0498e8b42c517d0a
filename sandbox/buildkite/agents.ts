import { randomBytes, randomUUID } from 'node:crypto';
import type { Timeline } from '../core/timeline.js';
import { tagsOf, type Agent } from './agent.js';
import type { Lifecycle } from './lifecycle.js';
import type { BuildkiteSettings } from './settings.js';

export interface AgentsOptions {
  settings: BuildkiteSettings;
  timeline: Timeline;
  lifecycle: Lifecycle;
}

/** The agents that have ever registered. Times are sandbox time in ms since the epoch. */
export class Agents {
  private readonly byToken = new Map<string, Agent>();
  private readonly byId = new Map<string, Agent>();

  constructor(private readonly options: AgentsOptions) {}

  all(): Agent[] {
    return [...this.byId.values()];
  }

  find(id: string): Agent | undefined {
    return this.byId.get(id);
  }

  /** The agent of a session, whatever has become of it. */
  ofToken(token: string): Agent | undefined {
    return this.byToken.get(token);
  }

  register(
    name: string,
    metaData: readonly string[],
    ignoresDispatches: boolean,
    now: number,
  ): Agent {
    const agent: Agent = {
      id: randomUUID(),
      name,
      token: `bkaa_${randomBytes(18).toString('base64url')}`,
      tags: tagsOf(metaData),
      ignoresDispatches,
      registeredAt: now,
      lastHeartbeat: now,
      pings: 0,
      heartbeats: 0,
      state: 'registered',
      job: undefined,
      order: {},
    };
    this.byId.set(agent.id, agent);
    this.byToken.set(agent.token, agent);
    this.watch(agent, now);
    return agent;
  }

  /** It leaves; what it has not finished is taken from it at once. */
  disconnect(agent: Agent, now: number): void {
    agent.state = 'disconnected';
    if (agent.job) this.options.lifecycle.abandon(agent.job, now);
  }

  /** Looks at an agent when it would be lost, and again for as long as it shows signs of life. */
  private watch(agent: Agent, from: number): void {
    const { settings, timeline } = this.options;
    timeline.at(from + settings.lostAfterSeconds * 1000, (time) => {
      if (agent.state === 'disconnected') return;
      if (agent.lastHeartbeat > from) return this.watch(agent, agent.lastHeartbeat);
      agent.state = 'lost';
      this.giveAway(agent, Math.max(time, from + settings.giveAwayAfterSeconds * 1000));
    });
  }

  private giveAway(agent: Agent, at: number): void {
    const { timeline, lifecycle } = this.options;
    timeline.at(at, (time) => {
      if (agent.job) lifecycle.abandon(agent.job, time);
    });
  }
}
