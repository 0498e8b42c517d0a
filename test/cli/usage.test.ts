import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { freePort } from '../../src/temporal/address.js';
import { nightshift } from './support/command.js';
import { type Workspace, createWorkspace } from './support/workspace.js';

let workspace: Workspace;
let empty: string;

beforeAll(async () => {
  workspace = await createWorkspace({ temporalAddress: inject('temporalAddress') });
  empty = await mkdtemp(join(tmpdir(), 'nightshift-empty-'));
});
afterAll(async () => {
  await workspace.close();
  await rm(empty, { recursive: true, force: true });
});

describe('a command line that is wrong', () => {
  it.each([
    {
      args: ['cleanup', 'plan', '--polcy', 'x'],
      says: [
        "unknown option '--polcy'",
        'Did you mean --policy?',
        'nightshift cleanup plan --help',
      ],
    },
    { args: ['cleanup', 'rum'], says: ["unknown command 'rum'", 'Did you mean run?'] },
    { args: ['cleanup', 'watch'], says: ["missing required argument 'run'"] },
    { args: ['cleanup', 'skip', 'app'], says: ["missing required argument 'run'"] },
    { args: ['cleanup', 'list', '--limit', 'many'], says: ['--limit', "'many'", 'whole number'] },
    {
      args: ['worker', '--log-level', 'loud'],
      says: ["'loud'", 'trace, debug, info, warn, error'],
    },
    { args: ['sandbox', '--speed', '-3'], says: ['--speed', "'-3'", 'greater than 0'] },
    { args: ['sandbox', '--port', '99999'], says: ['--port', "'99999'", '0 to 65535'] },
    { args: ['cleanup', 'run'], says: ['--yes', '--plan-hash', '--require-approval'] },
    { args: ['cleanup', 'run', '--json'], says: ['--yes'] },
    {
      args: ['cleanup', 'run', '--yes', '--plan-hash', 'abc'],
      says: ['--plan-hash', '"abc"', '16'],
    },
    { args: ['cleanup', 'run', '--yes', '--detach', '--local'], says: ['--detach', '--local'] },
    { args: ['cleanup', 'approve', 'latest'], says: ['--yes', '--plan-hash'] },
  ])('is refused, saying what is allowed: $args', async ({ args, says }) => {
    const { code, stdout, stderr } = await workspace.run(...args);
    for (const part of says) expect(stderr).toContain(part);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});

describe('help and version', () => {
  it('are no errors, and go to stdout', async () => {
    const version = await workspace.run('--version');
    expect(version).toMatchObject({ code: 0, stderr: '' });
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    const help = await workspace.run('cleanup', 'run', '--help');
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toContain('--require-approval');
  });
});

describe('a config', () => {
  it('that is not there is named, exit 2', async () => {
    const named = await workspace.run('cleanup', 'plan', '--config', 'nowhere.yaml');
    expect(named).toMatchObject({ code: 2, stdout: '' });
    expect(named.stderr).toContain('--config nowhere.yaml: there is no such file');
  });

  it('is needed for a local run and for schedules, exit 2', async () => {
    for (const args of [
      ['cleanup', 'plan', '--local'],
      ['schedule', 'apply'],
    ]) {
      const { code, stderr } = await nightshift(args, { ...workspace.options, cwd: empty });
      expect(stderr).toContain('there is no nightshift.yaml');
      expect(code).toBe(2);
    }
  });

  it('that is wrong is refused with every issue, its line and what is allowed', async () => {
    await writeFile(
      join(empty, 'wrong.yaml'),
      'accounts:\n  ssm: { path: nope }\nregons: [us-east-1]\npolicies: [x.yml]\n',
    );
    const { code, stdout, stderr } = await nightshift(
      ['cleanup', 'plan', '--config', 'wrong.yaml'],
      {
        ...workspace.options,
        cwd: empty,
      },
    );
    expect(stderr).toContain('wrong.yaml:2: accounts.ssm.path: "nope"');
    expect(stderr).toContain('did you mean regions?');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});

describe('a Temporal server', () => {
  it('that does not answer is named with the ways out, exit 3', async () => {
    const address = `127.0.0.1:${await freePort()}`;
    const { code, stdout, stderr } = await nightshift(['cleanup', 'list'], {
      cwd: empty,
      env: { TEMPORAL_ADDRESS: address },
    });
    expect(stderr).toContain(`No Temporal server answers at ${address} (from TEMPORAL_ADDRESS)`);
    expect(stderr).toContain('Any one of these helps');
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
  });

  it('without a worker ends a plan and a run soon, exit 3', async () => {
    const env = { ...workspace.options.env, NIGHTSHIFT_WORKER_WAIT: '0.5' };
    for (const args of [
      ['cleanup', 'plan'],
      ['cleanup', 'run', '--yes'],
    ]) {
      const { code, stderr } = await nightshift(args, { ...workspace.options, env });
      expect(stderr).toContain(`no worker polls the task queue "${workspace.taskQueue}"`);
      expect(stderr).toContain('nightshift worker');
      expect(code).toBe(3);
    }
    expect((await workspace.run('cleanup', 'list', '--json')).stdout).toBe('[]\n');
  });
});

describe('a run that is not there', () => {
  it('is named, exit 2', async () => {
    const unknown = await workspace.run('cleanup', 'status', 'cleanup-run-nope');
    expect(unknown.stderr).toContain('there is no run cleanup-run-nope');
    expect(unknown.code).toBe(2);
    const latest = await workspace.run('cleanup', 'watch', 'latest');
    expect(latest.stderr).toContain('there is no run yet');
    expect(latest.code).toBe(2);
  });
});
