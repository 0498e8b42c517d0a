import { randomUUID } from 'node:crypto';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, onTestFinished, test } from 'vitest';
import { stringify } from 'yaml';
import { z } from 'zod';
import { defineFleet, startSandbox } from '../../sandbox/index.js';
import { nightshift } from './support/command.js';
import { sandboxEnv } from '../support/sandbox-env.js';

const region = 'ap-southeast-2';
const tokenName = '/dev/1/buildkite-agent-key';
const checksSchema = z.object({
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })),
});

/** What doctor finds where the config has builds only, and there is one project. */
async function examine(project: string, parameters: { name: string; value: string }[]) {
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'nightshift-doctor-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const account = { id: '111111111111', name: 'dev-1' };
  const sandbox = await startSandbox({
    fleet: defineFleet({
      regions: [region],
      accounts: [account],
      projects: [{ account: account.name, region, name: 'buildkite-jobs' }],
      parameters,
    }),
  });
  onTestFinished(() => sandbox.close());
  const queue = { queue: 'default', account: account.name, region, project };
  await writeFile(
    join(folder, 'nightshift.yaml'),
    stringify({
      buildkite: { token: { ssm: tokenName }, queues: [queue] },
      temporal: { address: inject('temporalAddress'), taskQueue: `doctor-${randomUUID()}` },
    }),
  );
  const { stdout } = await nightshift(['doctor', '--json'], {
    cwd: folder,
    env: sandboxEnv(sandbox.url, region),
  });
  const { checks } = checksSchema.parse(JSON.parse(stdout));
  return { stdout, checks: Object.fromEntries(checks.map((check) => [check.name, check])) };
}

test('doctor looks at the projects and the agent token, and shows no secret', async () => {
  const { stdout, checks } = await examine('buildkite-jobs', [
    { name: tokenName, value: 's3cret-token' },
  ]);
  expect(checks['Buildkite token']).toMatchObject({
    ok: true,
    detail: `${tokenName}, 12 characters`,
  });
  expect(checks['Project buildkite-jobs']).toMatchObject({ ok: true, detail: `dev-1/${region}` });
  expect(stdout).not.toContain('s3cret');
});

test('doctor names a project and a token that are not there', async () => {
  const { checks } = await examine('elsewhere', []);
  expect(checks['Buildkite token']).toMatchObject({ ok: false });
  expect(checks['Buildkite token']?.detail).toContain(tokenName);
  expect(checks['Project elsewhere']).toMatchObject({ ok: false });
  expect(checks['Project elsewhere']?.detail).toContain('ResourceNotFoundException');
});
