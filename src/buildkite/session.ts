import { z } from 'zod';
import { isEndpoint } from '../http/endpoint.js';
import { type HttpAnswer, parseAnswer } from './http.js';
import { optionalText, positiveOr } from './job.js';

/**
 * What an agent has from the moment it is registered. It holds the access token: seal it before it is handed on.
 * A plain value, since a job's calls are made by many workers.
 */
export const agentSessionSchema = z.object({
  /** UUID. */
  agentId: z.string().min(1),
  name: z.string(),
  /** Secret. */
  accessToken: z.string().min(1),
  endpoint: z.string().min(1),
  /** How often to ping, ask for a job's state and give a sign of life, in milliseconds. */
  pingInterval: z.number().positive(),
  jobStatusInterval: z.number().positive(),
  heartbeatInterval: z.number().positive(),
  /** Sent with every call of the session, as the server wishes. */
  requestHeaders: z.record(z.string(), z.string()),
});
export type AgentSession = z.infer<typeof agentSessionSchema>;

/** What an agent says of itself. */
export interface AgentRegistration {
  name: string;
  hostname: string;
  os: string;
  arch: string;
  version: string;
  build: string;
  /** `queue=default` and the like. */
  tags: readonly string[];
  /** Whether jobs come only by acquiring them, so that none is handed out to a ping. */
  ignoreInDispatches: boolean;
  /** Whether commands may be any script; true unless given. */
  scriptEvalEnabled?: boolean;
  priority?: string;
  features?: readonly string[];
}

export function registrationBody(agent: AgentRegistration) {
  return {
    name: agent.name,
    hostname: agent.hostname,
    os: agent.os,
    arch: agent.arch,
    script_eval_enabled: agent.scriptEvalEnabled ?? true,
    ignore_in_dispatches: agent.ignoreInDispatches,
    ...(agent.priority === undefined ? {} : { priority: agent.priority }),
    version: agent.version,
    build: agent.build,
    meta_data: agent.tags,
    features: agent.features ?? [],
  };
}

const headersSchema = z.record(z.string(), z.string()).nullish();
/** An endpoint that can't be called is passed over, rather than the session lost. */
const endpointSchema = optionalText.transform((value) =>
  value !== undefined && isEndpoint(value) ? value : undefined,
);

const registeredSchema = z.object({
  id: z.string().min(1),
  name: optionalText,
  access_token: z.string().min(1),
  endpoint: endpointSchema,
  ping_interval: positiveOr(10),
  job_status_interval: positiveOr(5),
  heartbeat_interval: positiveOr(60),
  request_headers: headersSchema,
});

/** What both answers may change: where to call, and what to send along. */
export const switchSchema = z.object({ endpoint: endpointSchema, request_headers: headersSchema });
type Switch = z.infer<typeof switchSchema>;

/** The session that an agent has been given. */
export function sessionOf(
  answer: HttpAnswer,
  agent: AgentRegistration,
  endpoint: string,
): AgentSession {
  const registered = parseAnswer(registeredSchema, answer, 'Register');
  const session: AgentSession = {
    agentId: registered.id,
    name: registered.name ?? agent.name,
    accessToken: registered.access_token,
    endpoint,
    pingInterval: registered.ping_interval * 1000,
    jobStatusInterval: registered.job_status_interval * 1000,
    heartbeatInterval: registered.heartbeat_interval * 1000,
    requestHeaders: {},
  };
  return switched(session, registered, answer.headers);
}

/** The session as it is after an answer that may have changed it. */
export function switched(session: AgentSession, to: Switch, headers: Headers): AgentSession {
  return {
    ...session,
    endpoint: to.endpoint ?? session.endpoint,
    requestHeaders: headersAfter(session.requestHeaders, to.request_headers, headers),
  };
}

/**
 * Headers to send from now on: `request_headers` of the answer replace what was there, and the answer's own
 * `Buildkite-*` headers join them. Others are not the server's to set.
 */
function headersAfter(
  before: Readonly<Record<string, string>>,
  given: z.infer<typeof headersSchema>,
  headers: Headers,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries({ ...Object.fromEntries(headers), ...lowerCased(given ?? before) }).filter(
      ([name, value]) => /^buildkite-[\w-]+$/.test(name) && /^[\t\x20-\x7e]*$/.test(value),
    ),
  );
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}
