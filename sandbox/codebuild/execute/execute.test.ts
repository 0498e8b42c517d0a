import { createHash } from 'node:crypto';
import type { CodeBuildClient, StartBuildCommandInput } from '@aws-sdk/client-codebuild';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SandboxAdmin } from '../../admin-client.js';
import type { Sandbox } from '../../index.js';
import { codeBuildClient, ssmClient } from '../../testing/clients.js';
import {
  account,
  buildOf,
  buildspecOf,
  contextsOf,
  ended,
  phasesOf,
  region,
  start,
  until,
  withProjects,
} from '../testing.js';

let sandbox: Sandbox;
let client: CodeBuildClient;
let admin: SandboxAdmin;
beforeEach(async () => {
  sandbox = await withProjects(
    [{ name: 'real', execute: true }],
    { codebuild: { secrets: { 'db/login': '{"user":"ann","password":"s3cret"}' } } },
    60,
  );
  client = codeBuildClient(sandbox.url, account, region);
  admin = new SandboxAdmin(sandbox.url);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await sandbox.close();
});

const run = async (buildspecOverride: string, more: Partial<StartBuildCommandInput> = {}) =>
  ended(client, await start(client, 'real', { buildspecOverride, ...more }));

/** The log without what CodeBuild's agent writes and the blank lines that follow a command. */
const outputOf = async (id: string | undefined) =>
  ((await admin.buildLog(id ?? '', { text: true })).text ?? '')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('[Container]'));

const textOf = async (id: string | undefined) => (await admin.buildLog(id ?? '')).text ?? '';

test('commands really run, and their output is the log, standard error in its place', async () => {
  const build = await run(buildspecOf('echo one; echo two >&2; printf three', 'echo four'));
  expect(build.buildStatus).toBe('SUCCEEDED');
  expect(phasesOf(build)).toEqual([
    'SUBMITTED SUCCEEDED',
    'QUEUED SUCCEEDED',
    'PROVISIONING SUCCEEDED',
    'DOWNLOAD_SOURCE SUCCEEDED',
    'INSTALL SUCCEEDED',
    'PRE_BUILD SUCCEEDED',
    'BUILD SUCCEEDED',
    'POST_BUILD SUCCEEDED',
    'UPLOAD_ARTIFACTS SUCCEEDED',
    'FINALIZING SUCCEEDED',
    'COMPLETED',
  ]);
  expect(await outputOf(build.id)).toEqual(['one', 'two', 'three', 'four']);
});

test('the exit status of a command that fails is the build’s, and later commands do not run', async () => {
  const build = await run(buildspecOf('echo before', 'exit 3', 'echo after'));
  expect(build.buildStatus).toBe('FAILED');
  expect(contextsOf(build)).toEqual([
    'BUILD: COMMAND_EXECUTION_ERROR Error while executing command: exit 3. Reason: exit status 3',
  ]);
  expect(await outputOf(build.id)).toEqual(['before']);
  expect(await textOf(build.id)).toContain(
    'Command did not exit successfully exit 3 exit status 3',
  );
  expect(await admin.builds()).toMatchObject([{ id: build.id, status: 'FAILED', exit: 3 }]);
});

test('a status that does not end the shell counts the same', async () => {
  const build = await run(buildspecOf('sh -c "exit 42"'));
  expect(contextsOf(build)[0]).toMatch(/Reason: exit status 42$/);
});

test('commands share one shell: folder, variables, functions', async () => {
  const spec = {
    version: 0.2,
    phases: {
      install: { commands: ['mkdir deep; cd deep', 'WORD=kept', 'say() { echo "say $1"; }'] },
      build: { commands: ['basename "$PWD"', 'say "$WORD"'] },
    },
  };
  const build = await run(JSON.stringify(spec));
  expect(await outputOf(build.id)).toEqual(['deep', 'say kept']);
});

describe('what follows a failure', () => {
  const spec = (phase: string, onFailure?: string) =>
    JSON.stringify({
      version: 0.2,
      phases: {
        install: { commands: ['echo install'] },
        build: { commands: ['echo build'], finally: ['echo always'] },
        post_build: { commands: ['echo post $CODEBUILD_BUILD_SUCCEEDING'] },
        [phase]: {
          commands: ['false'],
          finally: ['echo always'],
          ...(onFailure === undefined ? {} : { 'on-failure': onFailure }),
        },
      },
    });

  test('in BUILD: its finally block, then POST_BUILD, which is told', async () => {
    const build = await run(spec('build'));
    expect(await outputOf(build.id)).toEqual(['install', 'always', 'post 0']);
    expect(build.buildStatus).toBe('FAILED');
  });

  test('in INSTALL: nothing but FINALIZING', async () => {
    const build = await run(spec('install'));
    expect(await outputOf(build.id)).toEqual(['always']);
    expect(phasesOf(build).slice(-3)).toEqual([
      'INSTALL FAILED',
      'FINALIZING SUCCEEDED',
      'COMPLETED',
    ]);
  });

  test('with on-failure ABORT: nothing, even after BUILD', async () => {
    const build = await run(spec('build', 'ABORT'));
    expect(await outputOf(build.id)).toEqual(['install', 'always']);
  });

  test('with on-failure CONTINUE: the next phase, even after INSTALL', async () => {
    const build = await run(spec('install', 'CONTINUE'));
    expect(await outputOf(build.id)).toEqual(['always', 'build', 'always', 'post 0']);
    expect(build.buildStatus).toBe('FAILED');
  });
});

describe('the environment', () => {
  test('has variables of all three types, the build’s own over the buildspec’s', async () => {
    await ssmClient(sandbox.url, account, region).send(
      new PutParameterCommand({ Name: '/token', Value: 'bkct_1', Type: 'SecureString' }),
    );
    const spec = {
      version: 0.2,
      env: { variables: { PLAIN: 'spec', OTHER: 'spec' }, 'parameter-store': { P: '/token' } },
      phases: { build: { commands: ['echo "$PLAIN|$OTHER|$P|$TOKEN|$LOGIN|$PASSWORD"'] } },
    };
    const build = await run(JSON.stringify(spec), {
      environmentVariablesOverride: [
        { name: 'PLAIN', value: 'it’s "quoted" $HOME', type: 'PLAINTEXT' },
        { name: 'TOKEN', value: '/token', type: 'PARAMETER_STORE' },
        { name: 'LOGIN', value: 'db/login', type: 'SECRETS_MANAGER' },
        {
          name: 'PASSWORD',
          value: `arn:aws:secretsmanager:${region}:${account}:secret:db/login-A1b2C3:password`,
          type: 'SECRETS_MANAGER',
        },
      ],
    });
    expect(await outputOf(build.id)).toEqual([
      'it’s "quoted" $HOME|spec|bkct_1|bkct_1|{"user":"ann","password":"s3cret"}|s3cret',
    ]);
  });

  test('has CodeBuild’s own variables, and nothing of this process but the PATH', async () => {
    vi.stubEnv('SECRET_OF_THIS_PROCESS', 'do not tell');
    const build = await run(buildspecOf('env'));
    const lines = await outputOf(build.id);
    expect(lines).toContain(`CODEBUILD_BUILD_ID=${build.id ?? ''}`);
    expect(lines).toContain(`CODEBUILD_BUILD_ARN=${build.arn ?? ''}`);
    expect(lines).toContain(`AWS_REGION=${region}`);
    expect(lines).toContain(`PATH=${process.env['PATH'] ?? ''}`);
    expect(lines.join('\n')).not.toContain('do not tell');
    expect(lines.find((line) => line.startsWith('HOME='))).toContain('nightshift-build-');
  });

  test('that cannot be had fails DOWNLOAD_SOURCE', async () => {
    const build = await run(buildspecOf('echo never'), {
      environmentVariablesOverride: [{ name: 'T', value: '/none', type: 'PARAMETER_STORE' }],
    });
    expect(contextsOf(build)).toEqual([
      'DOWNLOAD_SOURCE: Decrypted Variables Error parameter does not exist: /none',
    ]);
    expect(await outputOf(build.id)).toEqual([]);
  });
});

test('a buildspec that is none, or lies in a source that is not there, fails DOWNLOAD_SOURCE', async () => {
  const broken = await run('version: 0.2\nphases: [');
  expect(contextsOf(broken)[0]).toMatch(/^DOWNLOAD_SOURCE: YAML_FILE_ERROR /);
  const missing = await run('ci/buildspec.yml');
  expect(contextsOf(missing)).toEqual([
    'DOWNLOAD_SOURCE: YAML_FILE_ERROR stat ci/buildspec.yml: no such file or directory',
  ]);
});

test('20 MB of output are in the log to the byte, in order, a line an event', async () => {
  const line = 'x'.repeat(70);
  const lines = 300_000;
  const build = await run(
    buildspecOf(`awk 'BEGIN { for (i = 0; i < ${lines}; i++) print i, "${line}" }'`),
  );
  expect(build.buildStatus).toBe('SUCCEEDED');
  const expected = createHash('sha256');
  let bytes = 0;
  for (let index = 0; index < lines; index++) {
    const text = `${index} ${line}\n`;
    bytes += text.length;
    expected.update(text);
  }
  expect(bytes).toBeGreaterThan(20 * 1024 * 1024);
  const { text = '' } = await admin.buildLog(build.id ?? '', { text: true });
  const first = text.indexOf(`0 ${line}`);
  const output = text.slice(first, first + bytes);
  expect(createHash('sha256').update(output).digest('hex')).toBe(expected.digest('hex'));
  const [made] = sandbox.services.codebuild.builds.all();
  const stream = sandbox.services.logs.stream(made!.logPlace!)!;
  const events = Array.from({ length: stream.count }, (_, index) => stream.at(index).message);
  const [from, to] = [events.indexOf(`0 ${line}\n`), events.indexOf(`${lines - 1} ${line}\n`)];
  expect(to - from).toBe(lines - 1);
}, 300_000);

test('a command may send the shell’s output elsewhere, and the next ones still run', async () => {
  const build = await run(buildspecOf('echo seen; exec >/dev/null 2>&1', 'echo unseen; exit 5'));
  expect(await outputOf(build.id)).toEqual(['seen']);
  expect(contextsOf(build)[0]).toMatch(/exit status 5$/);
});

test('a build bound to fail does not run what would have failed, and its retry does', async () => {
  await sandbox.close();
  const behaviour = { fail: { kind: 'fault' as const, times: 1 } };
  sandbox = await withProjects(
    [{ name: 'real', execute: true, autoRetryLimit: 1, behaviour }],
    {},
    60,
  );
  client = codeBuildClient(sandbox.url, account, region);
  admin = new SandboxAdmin(sandbox.url);
  const build = await run(buildspecOf('echo ran'));
  expect(build.buildStatus).toBe('FAULT');
  expect(await outputOf(build.id)).toEqual([]);
  const next = await until(
    async () => (await buildOf(client, build.id ?? '')).autoRetryConfig?.nextAutoRetry,
  );
  const retried = await ended(client, next);
  expect(retried.buildStatus).toBe('SUCCEEDED');
  expect(await outputOf(retried.id)).toEqual(['ran']);
});
