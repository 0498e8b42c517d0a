import type { z } from 'zod';
import type { AwsRequest } from '../core/service.js';
import type { Gitlab } from './gitlab.js';
import type { Project } from './project.js';
import { badParameters, badRequest } from './refusal.js';

/** A request, as the action sees it. */
export interface GitlabCall {
  gitlab: Gitlab;
  project: Project;
  request: AwsRequest;
  /** Of the path: `id`, `path`. */
  params: Readonly<Record<string, string>>;
  /** Sandbox time, ms since the epoch. */
  now: number;
}

export interface GitlabReply {
  /** 200 unless given. */
  status?: number;
  headers?: Record<string, string>;
  json?: unknown;
  /** Sent as it is, instead of JSON. */
  bytes?: Buffer;
  /** What the call was about: a file's name, a pipeline's or a job's id. */
  subject?: string;
  /** Whether it changed something. */
  effective?: boolean;
}

/** The number in the path. */
export function idOf({ params }: GitlabCall): number {
  const id = params['id'] ?? '';
  if (!/^\d+$/.test(id)) throw badParameters('id is invalid');
  return Number(id);
}

/** The body's JSON, checked: Grape names the first parameter that is missing or wrong. */
export function bodyOf<T>(call: GitlabCall, schema: z.ZodType<T>): T {
  return checked(schema, call.request.body.length === 0 ? {} : jsonOf(call.request.body));
}

export function queryOf<T>(call: GitlabCall, schema: z.ZodType<T>): T {
  return checked(schema, Object.fromEntries(call.request.query));
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    throw badRequest('400 Bad request - The JSON request body could not be parsed');
  }
}

function checked<T>(schema: z.ZodType<T>, given: unknown): T {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path, code, message }) => {
    const name = path.join('.') || 'body';
    const isMissing = code === 'invalid_type' && message.includes('undefined');
    return isMissing ? `${name} is missing` : `${name} is invalid`;
  });
  throw badParameters([...new Set(wrong)].join(', '));
}
