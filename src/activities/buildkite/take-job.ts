import type { AgentSession, Job } from '../../buildkite/index.js';
import { jobOverrides } from '../../domain/buildkite/job-overrides.js';
import {
  type QueueSpec,
  type TakenJob,
  sealedFor,
  tokenParameter,
} from '../../domain/buildkite/spec.js';
import type { Variable } from '../../domain/builds/overrides.js';
import type { BuildkiteSecrets } from './secrets.js';
import { type Agents, sealerOf } from './agents.js';

/** Makes of a job that is ours what its workflow holds: all that is secret is sealed. */
export async function sealJob(
  agents: Agents,
  queue: QueueSpec,
  session: AgentSession,
  job: Job,
): Promise<TakenJob> {
  const { project, overrides, problems } = jobOverrides(job.env, queue);
  const { env: ofQueue, ...others } = overrides;
  const access = job.token === undefined ? { id: job.id } : { id: job.id, token: job.token };
  return {
    session: await agents.sealSession(sealerOf(queue), job.id, { session, job: access }),
    env: await sealEnv(agents.secrets, queue, job.id, {
      ...ofQueue,
      ...job.env,
      ...ofAgent(session, job),
    }),
    chunkBytes: job.chunksMaxBytes,
    logMaxBytes: job.logMaxBytes,
    project,
    overrides: others,
    problems,
  };
}

/** What an agent adds to the environment of a job, for `buildkite-agent` inside it. The token stays in SSM. */
function ofAgent(session: AgentSession, { id }: Job): Record<string, Variable> {
  return {
    BUILDKITE_JOB_ID: id,
    BUILDKITE_AGENT_ID: session.agentId,
    BUILDKITE_AGENT_NAME: session.name,
    BUILDKITE_AGENT_ENDPOINT: session.endpoint,
    BUILDKITE_AGENT_ACCESS_TOKEN: { ssm: tokenParameter(id) },
  };
}

async function sealEnv(
  secrets: BuildkiteSecrets,
  queue: QueueSpec,
  jobId: string,
  env: Record<string, Variable>,
): Promise<string> {
  return await secrets.seal(queue, queue.place.pace, JSON.stringify(env), sealedFor.env(jobId));
}
