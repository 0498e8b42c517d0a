import { BatchGetBuildsCommand, type Build, StartBuildCommand } from '@aws-sdk/client-codebuild';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defineFleet, startSandbox, type Sandbox } from '../../../sandbox/index.js';
import { codeBuildClient, ssmClient } from '../../../sandbox/testing/clients.js';
import { exitStatusOf } from '../../../src/domain/builds/exit-status.js';
import { tokenParameter } from '../../../src/domain/buildkite/spec.js';
import { packageRoot } from '../../../src/temporal/package-root.js';
import { buildContainer } from './build-container.js';
import { installAgent, jobEnvironment } from './job.js';

const region = 'ap-southeast-2';
const account = '111111111111';
const buildspec = readFileSync(join(packageRoot(), 'examples/codebuild/buildspec.yml'), 'utf8');
const { BUILDKITE_AGENT_ACCESS_TOKEN: session, ...plaintext } = jobEnvironment;
const parameter = tokenParameter(jobEnvironment.BUILDKITE_JOB_ID);
let sandbox: Sandbox;

beforeAll(async () => {
  const project = { account, region, name: 'buildkite-jobs', buildspec, execute: true };
  const fleet = defineFleet({
    regions: [region],
    accounts: [{ id: account, name: 'dev-1' }],
    projects: [project],
  });
  sandbox = await startSandbox({ fleet, speed: 60 });
  await ssmClient(sandbox.url, account, region).send(
    new PutParameterCommand({ Name: parameter, Value: session, Type: 'SecureString' }),
  );
});
afterAll(() => sandbox.close());

/** Runs a build of the project as Nightshift starts it, with this folder first on the PATH. */
async function build(bin: string): Promise<Build> {
  const codebuild = codeBuildClient(sandbox.url, account, region);
  const path = process.env['PATH'] ?? '';
  process.env['PATH'] = [bin, path].join(delimiter);
  try {
    const { build: started } = await codebuild.send(
      new StartBuildCommand({
        projectName: 'buildkite-jobs',
        environmentVariablesOverride: [
          ...Object.entries(plaintext).map(([name, value]) => ({ name, value })),
          { name: 'BUILDKITE_AGENT_ACCESS_TOKEN', value: parameter, type: 'PARAMETER_STORE' },
        ],
      }),
    );
    for (const deadline = Date.now() + 90_000; Date.now() < deadline;) {
      const answer = await codebuild.send(new BatchGetBuildsCommand({ ids: [started?.id ?? ''] }));
      const now = answer.builds?.[0];
      if (now?.buildComplete) return now;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('the build has not ended in 90 s');
  } finally {
    process.env['PATH'] = path;
  }
}

describe('a Buildkite job in a build of CodeBuild', () => {
  it('has its session from SSM, and fails the build with the exit status of its command', async () => {
    const container = buildContainer();
    const recorded = installAgent(container, 42);
    const { buildStatus, phases = [], logs } = await build(join(container.folder, 'bin'));
    expect(recorded().env).toMatchObject(jobEnvironment);
    expect(buildStatus).toBe('FAILED');
    const messages = phases.map(({ phaseType, phaseStatus, contexts }) => ({
      type: phaseType ?? '',
      status: phaseStatus ?? '',
      message: contexts?.[0]?.message ?? '',
    }));
    expect(exitStatusOf(messages)).toBe(42);
    const log = sandbox.services.logs.text({
      accountId: account,
      region,
      group: logs?.groupName ?? '',
      stream: logs?.streamName ?? '',
    });
    expect(log).toContain('~~~ Preparing the build container\n');
    expect(log).toContain('~~~ Preparing working directory\n');
    expect(log).not.toContain(session);
  });

  it('succeeds with it, too', async () => {
    const container = buildContainer();
    installAgent(container, 0);
    expect(await build(join(container.folder, 'bin'))).toMatchObject({ buildStatus: 'SUCCEEDED' });
  });
});
