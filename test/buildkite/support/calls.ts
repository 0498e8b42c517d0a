import { BuildkiteError } from '../../../src/buildkite/error.js';
import type { AgentRegistration, AgentSession } from '../../../src/buildkite/index.js';

/** Waits that take no time, and are kept. No jitter. */
export function noWaiting() {
  const waits: number[] = [];
  return {
    waits,
    wait: (ms: number) => {
      waits.push(ms);
      return Promise.resolve();
    },
    random: () => 0,
  };
}

export const registration: AgentRegistration = {
  name: 'nightshift-1',
  hostname: 'worker',
  os: 'linux',
  arch: 'arm64',
  version: '1.0.0',
  build: '1',
  tags: ['queue=default', 'os=linux'],
  ignoreInDispatches: true,
};

export function sessionAt(endpoint: string, more: Partial<AgentSession> = {}): AgentSession {
  return {
    agentId: 'agent-1',
    name: 'nightshift-1',
    accessToken: 'access-token',
    endpoint,
    pingInterval: 1000,
    jobStatusInterval: 1000,
    heartbeatInterval: 60_000,
    requestHeaders: {},
    ...more,
  };
}

/** The BuildkiteError that a call throws; anything else is thrown on. */
export async function refusalOf(call: Promise<unknown>): Promise<BuildkiteError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof BuildkiteError) return error;
    throw error;
  }
  throw new Error('the call was expected to fail');
}

export const jobId = '11111111-1111-4111-8111-111111111111';
