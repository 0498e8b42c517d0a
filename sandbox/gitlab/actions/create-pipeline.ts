import { z } from 'zod';
import { bodyOf, type GitlabCall, type GitlabReply } from '../call.js';
import type { PipelineOptions, PipelineVariable } from '../pipelines/pipeline.js';
import { badRequest, GitlabRefusal, invalid, notFound } from '../refusal.js';
import { showWholePipeline } from '../show.js';

const createSchema = z.object({
  ref: z.string().min(1),
  variables: z
    .array(
      z.object({
        key: z.string().regex(/^\w+$/),
        value: z.string(),
        variable_type: z.enum(['env_var', 'file']).default('env_var'),
      }),
    )
    .default([]),
  inputs: z.record(z.string(), z.unknown()).optional(),
});

/** `POST pipeline`, with an access token. */
export function createPipeline(call: GitlabCall): GitlabReply {
  const { ref, variables, inputs } = bodyOf(call, createSchema);
  return create(call, { ref, variables, source: 'api', ...(inputs ? { inputs } : {}) });
}

const triggerSchema = z.object({
  ref: z.string().min(1),
  token: z.string(),
  variables: z.record(z.string(), z.unknown()).default({}),
  inputs: z.record(z.string(), z.unknown()).optional(),
});

/** `POST trigger/pipeline`, with a trigger's token or a job's in the body, as JSON or as a form. */
export function triggerPipeline(call: GitlabCall): GitlabReply {
  const { token, ...asked } = triggerSchema.parse(triggerBody(call));
  const { triggerToken, jobToken } = call.gitlab.settings;
  if (token !== triggerToken && token !== jobToken) throw notFound();
  const variables = Object.entries(asked.variables).map(([key, value]): PipelineVariable => {
    if (typeof value !== 'string')
      throw badRequest('variables needs to be a map of key-valued strings');
    return { key, value, variable_type: 'env_var' };
  });
  const payload = JSON.stringify({ ...asked, id: String(call.project.spec.id) });
  return create(call, {
    ref: asked.ref,
    variables: [...variables, { key: 'TRIGGER_PAYLOAD', value: payload, variable_type: 'file' }],
    source: token === triggerToken ? 'trigger' : 'pipeline',
    ...(asked.inputs ? { inputs: asked.inputs } : {}),
  });
}

/** The body, a form's `variables[NAME]=value` gathered. */
function triggerBody(call: GitlabCall): unknown {
  const type = call.request.headers['content-type'] ?? '';
  if (!type.startsWith('application/x-www-form-urlencoded')) return bodyOf(call, triggerSchema);
  const form = new URLSearchParams(call.request.body.toString());
  const variables = [...form].flatMap(([name, value]): [string, string][] => {
    const key = /^variables\[(\w+)\]$/.exec(name)?.[1];
    return key === undefined ? [] : [[key, value]];
  });
  const given = { ...Object.fromEntries(form), variables: Object.fromEntries(variables) };
  const asJson = {
    ...call,
    request: { ...call.request, body: Buffer.from(JSON.stringify(given)) },
  };
  return bodyOf(asJson, triggerSchema);
}

function create(
  call: GitlabCall,
  asked: Pick<PipelineOptions, 'ref' | 'variables' | 'source' | 'inputs'>,
): GitlabReply {
  const { gitlab, project, now } = call;
  const limit = gitlab.creations.take(`${project.spec.id}/${asked.ref}`, now);
  if (!limit.granted) throw tooMany(gitlab.settings.creationRefusal, limit.resetMs);
  const pipeline = project.create({ ...asked, createdAt: now });
  return {
    status: 201,
    json: showWholePipeline(project, pipeline, baseOf(call)),
    subject: String(pipeline.id),
    effective: true,
  };
}

// lib/gitlab/ci/pipeline/chain/limit/rate_limit.rb
const throttled = 'Too many pipelines created in the last minute. Try again later.';

function tooMany(status: 400 | 429, resetMs: number): GitlabRefusal {
  if (status === 400) return invalid('base', throttled);
  const retryAfter = { 'Retry-After': String(Math.ceil(resetMs / 1000)) };
  return new GitlabRefusal(429, { message: throttled }, retryAfter);
}

export function baseOf({ request }: GitlabCall): string {
  return `http://${request.headers['host'] ?? 'localhost'}`;
}
