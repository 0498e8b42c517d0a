import {
  BatchGetProjectsCommand,
  ListProjectsCommand,
  RetryBuildCommand,
  StartBuildCommand,
  type CodeBuildClient,
  type StartBuildCommandInput,
} from '@aws-sdk/client-codebuild';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Sandbox } from '../index.js';
import { codeBuildClient } from '../testing/clients.js';
import { account, buildOf, phasesOf, region, start, withProjects } from './testing.js';

let sandbox: Sandbox;
let client: CodeBuildClient;
beforeEach(async () => {
  sandbox = await withProjects([
    {
      name: 'app',
      env: { PLAIN: 'project', KEPT: 'project', TOKEN: { ssm: '/token' }, LOGIN: { secret: 'db' } },
      buildspec: 'ci/buildspec.yml',
    },
    { name: 'other', environment: { computeType: 'BUILD_GENERAL1_LARGE', privileged: true } },
  ]);
  client = codeBuildClient(sandbox.url, account, region);
});
afterEach(() => sandbox.close());

const refused = (overrides: Partial<StartBuildCommandInput>) =>
  expect(
    client.send(new StartBuildCommand({ projectName: 'app', ...overrides })),
  ).rejects.toMatchObject({ name: 'InvalidInputException' });

test('a build has an id, an ARN and a number of its project, and is in the queue', async () => {
  const { build } = await client.send(new StartBuildCommand({ projectName: 'app' }));
  expect(build?.id).toMatch(/^app:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(build?.arn).toBe(`arn:aws:codebuild:${region}:${account}:build/${build?.id ?? ''}`);
  expect(build).toMatchObject({
    buildNumber: 1,
    buildStatus: 'IN_PROGRESS',
    currentPhase: 'QUEUED',
    buildComplete: false,
    timeoutInMinutes: 60,
    queuedTimeoutInMinutes: 480,
    autoRetryConfig: { autoRetryLimit: 0, autoRetryNumber: 0 },
  });
  expect(phasesOf(build!)).toEqual(['SUBMITTED SUCCEEDED', 'QUEUED']);
  expect((await buildOf(client, await start(client, 'app'))).buildNumber).toBe(2);
  expect((await buildOf(client, await start(client, 'other'))).buildNumber).toBe(1);
});

test('without overrides a build has what its project says', async () => {
  const build = await buildOf(client, await start(client, 'app'));
  expect(build.source).toMatchObject({ type: 'NO_SOURCE', buildspec: 'ci/buildspec.yml' });
  expect(build.environment).toMatchObject({
    image: 'aws/codebuild/standard:7.0',
    computeType: 'BUILD_GENERAL1_SMALL',
    type: 'LINUX_CONTAINER',
    privilegedMode: false,
    environmentVariables: [
      { name: 'PLAIN', value: 'project', type: 'PLAINTEXT' },
      { name: 'KEPT', value: 'project', type: 'PLAINTEXT' },
      { name: 'TOKEN', value: '/token', type: 'PARAMETER_STORE' },
      { name: 'LOGIN', value: 'db', type: 'SECRETS_MANAGER' },
    ],
  });
});

test('every override is kept, and a variable takes the place of the project’s by its name', async () => {
  const id = await start(client, 'app', {
    sourceVersion: 'refs/heads/main',
    imageOverride: 'aws/codebuild/amazonlinux2-aarch64-standard:3.0',
    computeTypeOverride: 'BUILD_GENERAL1_LARGE',
    environmentTypeOverride: 'ARM_CONTAINER',
    privilegedModeOverride: true,
    buildspecOverride: 'version: 0.2\nphases: {}\n',
    timeoutInMinutesOverride: 2160,
    queuedTimeoutInMinutesOverride: 5,
    logsConfigOverride: {
      cloudWatchLogs: { status: 'ENABLED', groupName: 'elsewhere', streamName: 'mine' },
    },
    environmentVariablesOverride: [
      { name: 'PLAIN', value: '/param', type: 'PARAMETER_STORE' },
      { name: 'NEW', value: '', type: 'PLAINTEXT' },
    ],
  });
  sandbox.clock.skip(2);
  const build = await buildOf(client, id);
  expect(build).toMatchObject({
    sourceVersion: 'refs/heads/main',
    timeoutInMinutes: 2160,
    queuedTimeoutInMinutes: 5,
    source: { buildspec: 'version: 0.2\nphases: {}\n' },
    environment: {
      image: 'aws/codebuild/amazonlinux2-aarch64-standard:3.0',
      computeType: 'BUILD_GENERAL1_LARGE',
      type: 'ARM_CONTAINER',
      privilegedMode: true,
    },
    logs: { groupName: 'elsewhere', streamName: `mine/${id.slice('app:'.length)}` },
  });
  expect(build.environment?.environmentVariables).toEqual([
    { name: 'PLAIN', value: '/param', type: 'PARAMETER_STORE' },
    { name: 'KEPT', value: 'project', type: 'PLAINTEXT' },
    { name: 'TOKEN', value: '/token', type: 'PARAMETER_STORE' },
    { name: 'LOGIN', value: 'db', type: 'SECRETS_MANAGER' },
    { name: 'NEW', value: '', type: 'PLAINTEXT' },
  ]);
});

describe('StartBuild refuses', () => {
  test('a project that is not there, or is another account’s', async () => {
    await expect(start(client, 'none')).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: `Project cannot be found: arn:aws:codebuild:${region}:${account}:project/none`,
    });
    const other = codeBuildClient(sandbox.url, '000000000000', region);
    await expect(start(other, 'app')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test('timeouts out of their bounds', async () => {
    await refused({ timeoutInMinutesOverride: 4 });
    await refused({ timeoutInMinutesOverride: 2161 });
    await refused({ queuedTimeoutInMinutesOverride: 4 });
    await refused({ queuedTimeoutInMinutesOverride: 481 });
    await start(client, 'app', {
      timeoutInMinutesOverride: 5,
      queuedTimeoutInMinutesOverride: 480,
    });
  });

  test('compute types that are none, or that do not go with the environment', async () => {
    await refused({ computeTypeOverride: 'BUILD_GENERAL1_HUGE' as 'BUILD_GENERAL1_SMALL' });
    await refused({ computeTypeOverride: 'BUILD_LAMBDA_1GB' });
    await start(client, 'app', {
      computeTypeOverride: 'BUILD_LAMBDA_1GB',
      environmentTypeOverride: 'LINUX_LAMBDA_CONTAINER',
    });
  });

  test('a behaviour that makes no sense, by its name', async () => {
    const behaving = (value: string) => ({
      environmentVariablesOverride: [{ name: 'SANDBOX_BUILD', value }],
    });
    await expect(start(client, 'app', behaving('{'))).rejects.toThrow(/SANDBOX_BUILD is no JSON/);
    await expect(
      start(client, 'app', behaving('{"fail":{"kind":"command","phase":"QUEUED"}}')),
    ).rejects.toThrow(/does not fail by command in QUEUED/);
  });

  test('and a build that was refused is not there', async () => {
    await refused({ timeoutInMinutesOverride: 1 });
    expect([...sandbox.services.codebuild.builds.all()]).toEqual([]);
  });
});

describe('an idempotency token', () => {
  const token = { idempotencyToken: 'token-1', sourceVersion: 'a' };

  test('with the same parameters gives the same build, whatever has become of it', async () => {
    const id = await start(client, 'app', token);
    sandbox.clock.skip(299);
    expect(await start(client, 'app', token)).toBe(id);
    expect(sandbox.ledger.entries({ action: 'StartBuild' }).map((e) => e.effective)).toEqual([
      true,
      false,
    ]);
    expect((await buildOf(client, id)).buildComplete).toBe(true);
  });

  test('with other parameters is refused', async () => {
    await start(client, 'app', token);
    await refused({ ...token, sourceVersion: 'b' });
    await expect(start(client, 'other', token)).rejects.toThrow(/mismatch/);
  });

  test('is forgotten after five minutes', async () => {
    const id = await start(client, 'app', token);
    sandbox.clock.skip(300);
    expect(await start(client, 'app', token)).not.toBe(id);
  });

  test('does not live longer for being used again', async () => {
    const id = await start(client, 'app', token);
    sandbox.clock.skip(200);
    expect(await start(client, 'app', token)).toBe(id);
    sandbox.clock.skip(100);
    expect(await start(client, 'app', token)).not.toBe(id);
  });

  test('of a call that was refused is free', async () => {
    await refused({ ...token, timeoutInMinutesOverride: 1 });
    await start(client, 'app', token);
  });

  test('started the build though the answer was lost', async () => {
    sandbox.faults.set([
      { kind: 'loseResponse', share: 1, when: 'after', actions: ['StartBuild'] },
    ]);
    await expect(start(client, 'app', token)).rejects.toThrow();
    sandbox.faults.clear();
    const id = await start(client, 'app', token);
    expect([...sandbox.services.codebuild.builds.all()].map((build) => build.id)).toEqual([id]);
  });
});

describe('RetryBuild', () => {
  test('starts a new build with the same overrides, once for a token', async () => {
    const id = await start(client, 'app', { sourceVersion: 'v1' });
    await expect(client.send(new RetryBuildCommand({ id }))).rejects.toMatchObject({
      name: 'InvalidInputException',
    });
    sandbox.clock.skip(60);
    const retry = async () =>
      (await client.send(new RetryBuildCommand({ id, idempotencyToken: 'again' }))).build;
    const retried = await retry();
    expect(retried).toMatchObject({ sourceVersion: 'v1', buildNumber: 2 });
    expect(retried?.id).not.toBe(id);
    expect((await retry())?.id).toBe(retried?.id);
  });

  test('of a build that is not there is refused', async () => {
    const id = 'app:00000000-0000-0000-0000-000000000000';
    await expect(client.send(new RetryBuildCommand({ id }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});

test('projects are listed by name, and shown by name or ARN', async () => {
  const { projects } = await client.send(new ListProjectsCommand({}));
  expect(projects).toEqual(['app', 'other']);
  const arn = `arn:aws:codebuild:${region}:${account}:project/other`;
  const shown = await client.send(new BatchGetProjectsCommand({ names: ['app', arn, 'none'] }));
  expect(shown.projectsNotFound).toEqual(['none']);
  expect(shown.projects).toMatchObject([
    { name: 'app', source: { buildspec: 'ci/buildspec.yml' }, timeoutInMinutes: 60 },
    { arn, environment: { computeType: 'BUILD_GENERAL1_LARGE', privilegedMode: true } },
  ]);
});
