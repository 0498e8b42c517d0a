import { ListBuildsForProjectCommand } from '@aws-sdk/client-codebuild';
import pLimit from 'p-limit';
import { configuredProjects } from '../../activities/builds/sweep/prepare-sweep.js';
import { BuildkiteSecrets } from '../../activities/buildkite/secrets.js';
import { oneTarget } from '../../activities/targets/one-target.js';
import type { AwsConnections } from '../../aws/connections.js';
import { fromAwsError } from '../../aws/errors.js';
import type { Config } from '../../domain/config/index.js';
import { targetName } from '../../domain/target.js';
import { type Check, failed } from './check.js';

const projectsAtOnce = 8;

/** Looks at what builds need: their projects, and the agent token of Buildkite. */
export async function buildsChecks(
  aws: AwsConnections,
  config: Config,
  signal: AbortSignal,
): Promise<Check[]> {
  const projects = configuredProjects(config);
  const checks = await pLimit(projectsAtOnce).map(projects, (project) =>
    projectCheck(aws, config, project, signal),
  );
  return [...(await tokenCheck(aws, config)), ...checks];
}

async function projectCheck(
  aws: AwsConnections,
  config: Config,
  named: ReturnType<typeof configuredProjects>[number],
  signal: AbortSignal,
): Promise<Check> {
  const { project: projectName, account, region } = named;
  const name = `Project ${projectName}`;
  try {
    const source = 'nightshift.yaml';
    const { target, access } = await oneTarget({ aws, config, account, region, source, signal });
    const client = aws.codeBuild(target, access, config.pace);
    await client.send(new ListBuildsForProjectCommand({ projectName }), { abortSignal: signal });
    return { name, ok: true, detail: targetName(target) };
  } catch (error) {
    return failed(name, fromAwsError(error, `the project ${projectName} can’t be looked at`));
  }
}

async function tokenCheck(aws: AwsConnections, { buildkite, pace }: Config): Promise<Check[]> {
  if (!buildkite) return [];
  const name = 'Buildkite token';
  try {
    const token = await new BuildkiteSecrets(aws).agentToken(buildkite, pace);
    const detail = `${buildkite.token.ssm}, ${token.length} characters`;
    return [{ name, ok: token !== '', detail }];
  } catch (error) {
    return [failed(name, fromAwsError(error, 'the agent token can’t be read'))];
  }
}
