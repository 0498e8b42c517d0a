import type { z } from 'zod';
import type { AwsRequest } from '../core/service.js';
import type { Agent } from './agent.js';
import type { Buildkite } from './buildkite.js';
import type { Job } from './job.js';
import { badRequest, notFound, unauthorized, unprocessable } from './refusal.js';

/** A request, as the action sees it. */
export interface BuildkiteCall {
  buildkite: Buildkite;
  request: AwsRequest;
  /** Of the path: `job`, `stack`, `context`. */
  params: Readonly<Record<string, string>>;
  /** Sandbox time, ms since the epoch. */
  now: number;
}

export interface BuildkiteReply {
  /** 200 unless given. */
  status?: number;
  headers?: Record<string, string>;
  /** `{}` unless given. */
  json?: unknown;
  /** What the call was about, where the path doesn't say. */
  subject?: string;
  /** Whether it changed something. */
  effective?: boolean;
}

export interface BuildkiteAction {
  name: string;
  run(call: BuildkiteCall): BuildkiteReply;
}

const tokenHeader = /^Token (\S+)$/;

export function tokenOf(call: BuildkiteCall): string {
  const token = tokenHeader.exec(call.request.headers['authorization'] ?? '')?.[1];
  if (token === undefined) throw unauthorized('Authentication required: Authorization: Token …');
  return token;
}

/** The call has the cluster's agent token, which registers agents and stacks. */
export function expectClusterToken(call: BuildkiteCall): void {
  if (tokenOf(call) !== call.buildkite.settings.token)
    throw unauthorized('No agent token of a cluster');
}

/** The agent whose session calls. Refused when it is none, has disconnected or is lost. */
export function sessionOf(call: BuildkiteCall): Agent {
  const agent = call.buildkite.agents.ofToken(tokenOf(call));
  if (!agent) throw unauthorized('No session of an agent');
  if (agent.state === 'lost') throw unauthorized(`Agent ${agent.name} is lost`);
  if (agent.state === 'disconnected') throw unauthorized(`Agent ${agent.name} has disconnected`);
  expectHeaders(call);
  return agent;
}

/** The job of the path. */
export function jobOf(call: BuildkiteCall): Job {
  const uuid = call.params['job'] ?? '';
  const job = call.buildkite.jobs.find(uuid);
  if (!job) throw notFound(`No job ${uuid}`);
  return job;
}

/** The job of the path, which the caller works on: by its session or, where jobs have tokens, by the job's. */
export function ownJobOf(call: BuildkiteCall): Job {
  if (!call.buildkite.settings.jobTokens) return jobOfSession(call);
  return jobOfToken(call);
}

/** The same for calls that the session's token may make even where jobs have their own. */
export function ownJobByEither(call: BuildkiteCall): Job {
  const isSession = call.buildkite.agents.ofToken(tokenOf(call)) !== undefined;
  return isSession || !call.buildkite.settings.jobTokens ? jobOfSession(call) : jobOfToken(call);
}

function jobOfSession(call: BuildkiteCall): Job {
  const agent = sessionOf(call);
  const job = jobOf(call);
  if (job.agent !== agent) throw notFound(`Agent ${agent.name} has no job ${job.uuid}`);
  return job;
}

function jobOfToken(call: BuildkiteCall): Job {
  const token = tokenOf(call);
  const job = jobOf(call);
  if (token !== job.token) throw unauthorized(`Not the token of job ${job.uuid}`);
  // "401 when job tokens are being used mean the job has been cancelled or otherwise already finished" (buildkite/agent)
  if (job.hasEnded || job.agent?.state === 'lost' || job.agent?.state === 'disconnected')
    throw unauthorized(`The token of job ${job.uuid} is no longer valid`);
  expectHeaders(call);
  return job;
}

function expectHeaders(call: BuildkiteCall): void {
  for (const [name, value] of Object.entries(call.buildkite.settings.requestHeaders))
    if (call.request.headers[name.toLowerCase()] !== value)
      throw badRequest(`The header ${name} that register handed out is missing or changed`);
}

/** The body, checked: no JSON at all is 400, JSON of another shape 422. An empty body is `{}`. */
export function bodyOf<T>(call: BuildkiteCall, schema: z.ZodType<T>): T {
  let json: unknown;
  try {
    json = JSON.parse(call.request.body.toString() || '{}');
  } catch {
    throw badRequest('The body is no JSON');
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw unprocessable(parsed.error.issues.map(sentence).join(', '));
}

function sentence(issue: z.core.$ZodIssue): string {
  return `${issue.path.join('.') || 'body'}: ${issue.message}`;
}
