import { gzipSync } from 'node:zlib';
import { z } from 'zod';
import { defineFleet } from '../fleet/load.js';
import { startSandbox, type Sandbox } from '../index.js';
import type { FleetInput } from '../fleet/schema.js';

export const clusterToken = 'agent-token';
export const uuid = '11111111-1111-4111-8111-111111111111';
export const otherUuid = '22222222-2222-4222-8222-222222222222';

/** A sandbox with this Buildkite, where time stands still until `clock.skip()`. */
export function buildkiteSandbox(
  buildkite: FleetInput['buildkite'],
  rest: Partial<FleetInput> = {},
): Promise<Sandbox> {
  return startSandbox({
    speed: 1e-6,
    fleet: defineFleet({
      regions: ['us-east-1'],
      accounts: [{ id: '111111111111', name: 'dev-1' }],
      buildkite,
      ...rest,
    }),
  });
}

export interface Answer {
  status: number;
  json: unknown;
  /** `message` of the body, where there is one. */
  message: string | undefined;
  headers: Headers;
}

export interface Request {
  token?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

/** One call of Buildkite's API with plain fetch; `path` is below `/v3`. */
export async function call(
  sandbox: Sandbox,
  method: string,
  path: string,
  { token, body, headers }: Request = {},
): Promise<Answer> {
  const response = await fetch(`${sandbox.url}/v3${path}`, {
    method,
    headers: { ...(token === undefined ? {} : { authorization: `Token ${token}` }), ...headers },
    ...(body === undefined
      ? {}
      : { body: body instanceof Uint8Array ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const json: unknown = text === '' ? undefined : JSON.parse(text);
  const parsed = z.object({ message: z.string() }).safeParse(json);
  return {
    status: response.status,
    json,
    message: parsed.data?.message,
    headers: response.headers,
  };
}

const registeredSchema = z.object({ id: z.string(), access_token: z.string() });
const jobSchema = z.object({ id: z.string(), state: z.string(), token: z.string().optional() });

/** An agent that has registered and connected, and makes the calls of one. */
export class TestAgent {
  private constructor(
    private readonly sandbox: Sandbox,
    readonly id: string,
    readonly token: string,
    /** Sent with every call. */
    private readonly headers: Record<string, string>,
  ) {}

  static async register(
    sandbox: Sandbox,
    more: Record<string, unknown> = {},
    headers: Record<string, string> = {},
  ): Promise<TestAgent> {
    const body = { name: 'tester', meta_data: ['queue=default'], ...more };
    const answer = await call(sandbox, 'POST', '/register', { token: clusterToken, body });
    const { id, access_token } = registeredSchema.parse(answer.json);
    return new TestAgent(sandbox, id, access_token, headers);
  }

  static async connect(
    sandbox: Sandbox,
    more: Record<string, unknown> = {},
    headers: Record<string, string> = {},
  ): Promise<TestAgent> {
    const agent = await TestAgent.register(sandbox, more, headers);
    await agent.call('POST', '/connect');
    return agent;
  }

  call(method: string, path: string, request: Request = {}): Promise<Answer> {
    const headers = { ...this.headers, ...request.headers };
    return call(this.sandbox, method, path, { token: this.token, ...request, headers });
  }

  heartbeat(): Promise<Answer> {
    return this.call('POST', '/heartbeat', { body: { sent_at: this.sandbox.clock.iso() } });
  }

  ping(): Promise<Answer> {
    return this.call('GET', '/ping');
  }

  acquire(job: string, headers: Record<string, string> = {}): Promise<Answer> {
    const lock = { 'X-Buildkite-Lock-Acquire-Job': '1', 'X-Buildkite-Backoff-Sequence': '0' };
    return this.call('PUT', `/jobs/${job}/acquire`, { headers: { ...lock, ...headers } });
  }

  start(job: string, token = this.token): Promise<Answer> {
    const started_at = this.sandbox.clock.iso();
    return this.call('PUT', `/jobs/${job}/start`, { token, body: { started_at } });
  }

  state(job: string, token = this.token): Promise<Answer> {
    return this.call('GET', `/jobs/${job}`, { token });
  }

  chunk(job: string, sequence: number, offset: number, text: string): Promise<Answer> {
    const size = Buffer.byteLength(text);
    return this.call(
      'POST',
      `/jobs/${job}/chunks?sequence=${sequence}&offset=${offset}&size=${size}`,
      {
        body: gzipSync(text),
        headers: { 'content-type': 'text/plain', 'content-encoding': 'gzip' },
      },
    );
  }

  finish(job: string, more: Record<string, unknown> = {}): Promise<Answer> {
    const body = { exit_status: '0', finished_at: this.sandbox.clock.iso(), ...more };
    return this.call('PUT', `/jobs/${job}/finish`, { body });
  }

  /** Acquires and starts a job, and returns what acquire said. */
  async begin(job: string): Promise<z.infer<typeof jobSchema>> {
    const acquired = jobSchema.parse((await this.acquire(job)).json);
    await this.start(job, acquired.token);
    return acquired;
  }
}
