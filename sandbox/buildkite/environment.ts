import type { Agent } from './agent.js';
import type { Job } from './job.js';

const slug = 'sandbox';

/** The variables of a job, as Buildkite hands them to an agent; those of the agent are there once it has the job. */
export function environmentOf(job: Job): Record<string, string> {
  const { spec, uuid, order, agent } = job;
  const number = String(order + 1);
  return {
    CI: 'true',
    BUILDKITE: 'true',
    BUILDKITE_ORGANIZATION_SLUG: slug,
    BUILDKITE_PIPELINE_SLUG: slug,
    BUILDKITE_PIPELINE_NAME: 'Sandbox',
    BUILDKITE_PIPELINE_PROVIDER: 'git',
    BUILDKITE_PIPELINE_DEFAULT_BRANCH: 'main',
    BUILDKITE_REPO: 'git@git.example.com:sandbox/sandbox.git',
    BUILDKITE_BRANCH: 'main',
    BUILDKITE_COMMIT: 'HEAD',
    BUILDKITE_MESSAGE: `Build ${number}`,
    BUILDKITE_SOURCE: 'api',
    BUILDKITE_BUILD_ID: buildIdOf(job),
    BUILDKITE_BUILD_NUMBER: number,
    BUILDKITE_BUILD_URL: `https://buildkite.com/${slug}/${slug}/builds/${number}`,
    BUILDKITE_JOB_ID: uuid,
    BUILDKITE_LABEL: spec.label ?? '',
    BUILDKITE_COMMAND: spec.command,
    BUILDKITE_RETRY_COUNT: String(job.retryCount),
    BUILDKITE_ARTIFACT_PATHS: '',
    BUILDKITE_TIMEOUT:
      spec.timeoutSeconds === undefined ? 'false' : String(Math.ceil(spec.timeoutSeconds / 60)),
    ...(agent ? environmentOfAgent(agent) : {}),
    ...spec.env,
  };
}

/** Each job is a build of its own, whose id differs from the job's in its first digit alone. */
export function buildIdOf(job: Job): string {
  const first = (parseInt(job.uuid.slice(0, 1), 16) ^ 1).toString(16);
  return first + job.uuid.slice(1);
}

function environmentOfAgent(agent: Agent): Record<string, string> {
  const tags = agent.tags.map((tag): [string, string] => {
    const [key = '', ...value] = tag.split('=');
    const name = key.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_');
    return [`BUILDKITE_AGENT_META_DATA_${name}`, value.join('=')];
  });
  return {
    BUILDKITE_AGENT_ID: agent.id,
    BUILDKITE_AGENT_NAME: agent.name,
    ...Object.fromEntries(tags),
  };
}
