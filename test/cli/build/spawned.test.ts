import { createHash } from 'node:crypto';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CodeBuildClient, StartBuildCommand } from '@aws-sdk/client-codebuild';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { until } from '../../support/temporal/until.js';
import { bareEnvironment, nightshift, program } from '../support/command.js';
import { type Scene, createScene, region } from './scene.js';

const buildspec = (...commands: string[]) =>
  JSON.stringify({ version: 0.2, phases: { build: { commands } } });

let scene: Scene;

beforeAll(async () => {
  scene = await createScene({
    temporalAddress: inject('temporalAddress'),
    projects: [
      {
        name: 'fails',
        execute: true,
        buildspec: buildspec('printf "\\033[31mred\\033[0m\\n"', 'exit 3'),
      },
      { name: 'works', execute: true, buildspec: buildspec('echo "it is $WHAT"') },
      {
        name: 'lasts',
        behaviour: { phases: { BUILD: 1_000_000 }, log: { everySeconds: 10 } },
        timeoutMinutes: 36 * 60,
      },
      { name: 'large', behaviour: { phases: { BUILD: 30 }, log: { bytes: 20_000_000 } } },
    ],
  });
  await scene.startWorker();
});
afterAll(() => scene.close());

const resultSchema = z.looseObject({
  workflowId: z.string(),
  buildId: z.string(),
  status: z.string(),
  exitStatus: z.number().optional(),
});

/** The build that the command named at its start. */
function buildIn(stderr: string): string {
  return /^build +(\S+:\S+) in dev-1\/us-east-1$/m.exec(stderr)?.[1] ?? '';
}

/** All that the build wrote, as the sandbox knows it. */
function logOf(buildId: string): string {
  const [project = '', stream = ''] = buildId.split(':');
  const { services } = scene.sandbox;
  const group = `/aws/codebuild/${project}`;
  return services.logs.text({ accountId: scene.accountId, region, group, stream });
}

function place(...args: string[]): string[] {
  return [...args, '--account', 'dev-1', '--region', region];
}

const start = (project: string, ...flags: string[]) =>
  scene.start(...place('build', 'run', '--project', project, ...flags));

function stopsOf(): number {
  return scene.sandbox.ledger.entries({ action: 'StopBuild', effective: true }).length;
}

async function statusOf(buildId: string): Promise<string> {
  const { stdout } = await scene.run(...place('build', 'status', buildId, '--json'));
  return resultSchema.omit({ workflowId: true }).parse(JSON.parse(stdout)).status;
}

describe('build run', () => {
  it('prints the build id and console link first, then the log; exits as the command did', async () => {
    const { code, stdout, stderr } = await start('fails').finished;
    const buildId = buildIn(stderr);
    expect(stderr).toMatch(/^build +fails:[\da-f-]{36} in dev-1\/us-east-1\nconsole https:\/\//);
    expect(stdout).toBe(logOf(buildId));
    expect(stdout).toContain('\u001b[31mred\u001b[0m\n');
    for (const phase of ['QUEUED', 'PROVISIONING', 'BUILD'])
      expect(stderr).toMatch(new RegExp(`^${phase} +(SUCCEEDED|FAILED) +\\d+`, 'm'));
    expect(stderr).toMatch(/FAILED in .*exit status 3\n$/s);
    expect(code).toBe(3);
  });

  it('--json --local has the result alone on stdout, the log on stderr, and sets the environment', async () => {
    const flags = ['--env', 'WHAT=night', '--json', '--local', '--groups', 'none'];
    const { code, stdout, stderr } = await start('works', ...flags).finished;
    const result = resultSchema.parse(JSON.parse(stdout));
    expect(result).toMatchObject({ status: 'SUCCEEDED' });
    expect(stderr).toContain('it is night\n');
    expect(stderr).toContain(logOf(result.buildId));
    expect(code).toBe(0);
  });

  it('sends a local buildspec inline', async () => {
    const spec = join(scene.folder, 'other.yml');
    await writeFile(spec, buildspec('echo from another file', 'exit 130'));
    const { code, stdout, stderr } = await start('works', '--buildspec', 'other.yml').finished;
    expect(stdout).toContain('from another file\n');
    expect(stderr).toContain('buildspec other.yml: sent inline');
    expect(code).toBe(130);
  });

  it('writes 20 MB of log to a file: that, byte for byte, and nothing else', async () => {
    const command = place(program, 'build', 'run', '--project', 'large');
    const child = spawn(
      '/bin/sh',
      ['-c', 'exec "$@" >large.log', 'sh', process.execPath, ...command],
      {
        cwd: scene.folder,
        // As a file on a CI is to have no groups, either.
        env: { ...bareEnvironment(), ...scene.options.env, GITHUB_ACTIONS: 'true' },
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    expect(await once(child, 'close')).toEqual([0, null]);
    const truth = Buffer.from(logOf(buildIn(stderr)));
    expect(truth.length).toBeGreaterThan(20_000_000);
    const sha = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
    expect(sha(await readFile(join(scene.folder, 'large.log')))).toBe(sha(truth));
  });

  it('that runs locally and is killed goes on by the same command: one build, its log whole', async () => {
    const starts = () =>
      scene.sandbox.ledger.entries({ action: 'StartBuild', effective: true }).length;
    const before = starts();
    const flags = ['--local', '--env', 'A=1'];
    const first = start('lasts', ...flags);
    await until('the log is shown', () => first.written().stdout.includes('Entering phase BUILD'));
    first.signal('SIGKILL');
    await first.finished;
    const second = start('lasts', ...flags);
    await until('the log is shown', () => second.written().stdout.includes('Entering phase BUILD'));
    second.signal('SIGTERM');
    const { code, stdout, stderr } = await second.finished;
    expect(buildIn(stderr)).toBe(buildIn(first.written().stderr));
    expect(stdout).toBe(logOf(buildIn(stderr)));
    expect(starts()).toBe(before + 1);
    expect(code).toBe(1);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    '%s, on no terminal, stops the build, waits for its end, and exits 1',
    async (signal) => {
      const before = stopsOf();
      const running = start('lasts');
      await until('the log is shown', () =>
        running.written().stdout.includes('Entering phase BUILD'),
      );
      running.signal(signal);
      const { code, stdout, stderr } = await running.finished;
      expect(stderr).toContain('stopping the build');
      expect(stderr).toMatch(/lasts:\S+ STOPPED in /);
      expect(stdout).toBe(logOf(buildIn(stderr)));
      expect(stopsOf()).toBe(before + 1);
      expect(code).toBe(1);
    },
  );

  it('ends quietly when its reader has gone; the build goes on', async () => {
    const command = place(program, 'build', 'run', '--project', 'lasts', '--name', 'headed');
    const script = '{ "$@"; echo "code $?" >&2; } | head -n 1';
    const child = spawn('/bin/sh', ['-c', script, 'sh', process.execPath, ...command], {
      cwd: scene.folder,
      env: { ...bareEnvironment(), ...scene.options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    await once(child, 'close');
    expect(stderr).toMatch(/code 141\n$/);
    expect(stderr).not.toMatch(/EPIPE|error/);
    expect(await statusOf(buildIn(stderr))).toBe('IN_PROGRESS');
    const stop = await scene.run(...place('build', 'stop', 'headed', '--json'));
    expect(resultSchema.parse(JSON.parse(stop.stdout))).toMatchObject({ status: 'STOPPED' });
    expect(stop.code).toBe(0);
  });
});

describe('a build that is left', () => {
  it('is looked at, read, followed and stopped by the id that --detach printed', async () => {
    const left = await start('lasts', '--detach', '--name', 'left').finished;
    const buildId = left.stdout.trim();
    expect(left.code).toBe(0);
    expect(left.stdout).toMatch(/^lasts:[\da-f-]{36}\n$/);
    expect(left.stderr).toContain('nightshift build follow left');

    const follow = scene.start(...place('build', 'follow', buildId));
    await until('the log is shown', () => follow.written().stdout.includes('Entering phase BUILD'));
    const logs = await scene.run('build', 'logs', 'left');
    expect(logs).toMatchObject({ code: 0, stderr: '' });
    expect(logOf(buildId).startsWith(logs.stdout)).toBe(true);
    expect(logs.stdout).toContain('Entering phase BUILD');

    const status = await scene.run('build', 'status', 'left');
    expect(status.stdout).toMatch(/^BUILD +IN_PROGRESS/m);
    const list = await scene.run('build', 'list');
    expect(list.stdout).toMatch(/^left +running /m);

    const stop = await scene.run('build', 'stop', 'left', '--reason', 'enough');
    expect(stop.stdout).toContain('STOPPED');
    const followed = await follow.finished;
    expect(followed.stdout).toBe(logOf(buildId));
    expect(followed.code).toBe(1);
  });
});

describe('a build that Nightshift did not start', () => {
  it('is followed by its id, and exits as it does', async () => {
    const client = new CodeBuildClient({
      endpoint: scene.sandbox.url,
      region,
      credentials: { accessKeyId: scene.accountId, secretAccessKey: 'sandbox' },
    });
    const { build } = await client.send(new StartBuildCommand({ projectName: 'fails' }));
    client.destroy();
    const buildId = build?.id ?? '';
    const { code, stdout, stderr } = await scene.run(...place('build', 'follow', buildId));
    expect(stdout).toBe(logOf(buildId));
    expect(stderr).toContain(`build   ${buildId} in dev-1/us-east-1`);
    expect(code).toBe(3);
  });

  it('that is not there is named, exit 2', async () => {
    const buildId = 'fails:00000000-0000-4000-8000-000000000000';
    const byId = await scene.run(...place('build', 'status', buildId));
    expect(byId.stderr).toContain(buildId);
    expect({ code: byId.code, stdout: byId.stdout }).toEqual({ code: 2, stdout: '' });
    const byName = await scene.run('build', 'follow', 'nope');
    expect(byName.stderr).toContain('there is no build nope');
    expect(byName.code).toBe(2);
  });
});

describe('a command line that is wrong', () => {
  it.each([
    { args: ['run'], says: ['--project', 'is missing'] },
    { args: ['run', '--project', 'works', '--env', 'A'], says: ['--env', 'NAME=VALUE'] },
    { args: ['run', '--project', 'works', '--env', 'A=1', '--env', 'A=2'], says: ['given twice'] },
    { args: ['run', '--project', 'works', '--compute-type', 'L'], says: ['--compute-type', '"L"'] },
    { args: ['run', '--project', 'works', '--timeout', '1m'], says: ['--timeout', '5m'] },
    { args: ['run', '--project', 'works', '--groups', 'x'], says: ["'x'", 'github'] },
    { args: ['run', '--project', 'works', '--detach', '--local'], says: ['--detach', '--local'] },
    { args: ['run', '--project', 'works', '--name', 'a b'], says: ['--name', '"a b"'] },
    { args: ['run', '--preset', 'nope'], says: ['nope'] },
    { args: ['follow'], says: ["missing required argument 'id'"] },
    { args: ['list', '--limit', '0'], says: ['--limit', 'whole number'] },
  ])('is refused before anything is started: $args', async ({ args, says }) => {
    const starts = () => scene.sandbox.ledger.entries({ action: 'StartBuild' }).length;
    const before = starts();
    const { code, stdout, stderr } = await scene.run('build', ...args);
    for (const part of says) expect(stderr).toContain(part);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(starts()).toBe(before);
  });

  it('names a project that is not there', async () => {
    const { code, stderr } = await start('no-such-project').finished;
    expect(stderr).toContain('no-such-project');
    expect(code).not.toBe(0);
  });

  it('needs no server to be told so', async () => {
    const env = { TEMPORAL_ADDRESS: '127.0.0.1:1' };
    const { code } = await nightshift(['build', 'run', '--env', 'A'], { cwd: '/', env });
    expect(code).toBe(2);
  });
});
