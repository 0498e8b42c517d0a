import type { Job } from './job.js';

export type AgentState = 'registered' | 'connected' | 'disconnected' | 'lost';

/** What the next ping tells an agent, besides a job. */
export interface PingOrder {
  action?: 'idle' | 'pause' | 'disconnect' | undefined;
  message?: string | undefined;
  /** The agent API is to be called there from now on. */
  endpoint?: string | undefined;
}

/** An agent that has registered. */
export interface Agent {
  readonly id: string;
  readonly name: string;
  /** Of its session. */
  readonly token: string;
  /** `key=value`, one `queue=…` among them. */
  readonly tags: readonly string[];
  ignoresDispatches: boolean;
  /** Sandbox time, ms since the epoch, as are the others. */
  readonly registeredAt: number;
  /** Last sign of life: a register, connect or heartbeat. */
  lastHeartbeat: number;
  pings: number;
  heartbeats: number;
  state: AgentState;
  /** What it was given and hasn't finished. */
  job: Job | undefined;
  order: PingOrder;
}

/** Whether the agent may run a job with these query rules: each is one of its tags, where `*` stands for any value. */
export function matches(agent: Agent, rules: readonly string[]): boolean {
  return rules.every((rule) =>
    rule.endsWith('=*')
      ? agent.tags.some((tag) => tag.startsWith(rule.slice(0, -1)))
      : agent.tags.includes(rule),
  );
}

/** The tags that an agent has: in the queue `default` when it names none. */
export function tagsOf(metaData: readonly string[]): string[] {
  const isQueued = metaData.some((tag) => tag.startsWith('queue='));
  return isQueued ? [...metaData] : [...metaData, 'queue=default'];
}
