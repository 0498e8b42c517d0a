import { defineFleet } from '../fleet/load.js';
import type { FleetInput } from '../fleet/schema.js';
import { startSandbox, type Sandbox } from '../index.js';

export const token = 'gitlab-token';

/** A sandbox with this GitLab, where time stands still until `clock.skip()`. */
export function gitlabSandbox(gitlab: FleetInput['gitlab'], speed = 1e-6): Promise<Sandbox> {
  return startSandbox({
    speed,
    fleet: defineFleet({
      regions: ['us-east-1'],
      accounts: [{ id: '111111111111', name: 'dev-1' }],
      gitlab,
    }),
  });
}

export interface Answer {
  status: number;
  json: unknown;
  text: string;
  headers: Headers;
}

export interface Request {
  /** Headers that show who asks; the access token unless given. */
  as?: Record<string, string>;
  headers?: Record<string, string>;
  json?: unknown;
  form?: FormData | URLSearchParams;
}

/** One call of GitLab's API with plain fetch; `path` is below `/api/v4/projects`. */
export async function call(
  sandbox: Sandbox,
  method: string,
  path: string,
  { as = { 'PRIVATE-TOKEN': token }, headers, json, form }: Request = {},
): Promise<Answer> {
  const response = await fetch(`${sandbox.url}/api/v4/projects${path}`, {
    method,
    headers: {
      ...as,
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    ...(form === undefined ? {} : { body: form }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  const parsed: unknown = isJson && text !== '' ? JSON.parse(text) : undefined;
  return { status: response.status, json: parsed, text, headers: response.headers };
}

/** Uploads a secure file to project 7. */
export function upload(sandbox: Sandbox, name: string, content: string): Promise<Answer> {
  const form = new FormData();
  form.set('name', name);
  form.set('file', new Blob([content]), name);
  return call(sandbox, 'POST', '/7/secure_files', { form });
}
