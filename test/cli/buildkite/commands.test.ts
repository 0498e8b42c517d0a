import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it, test } from 'vitest';
import { z } from 'zod';
import { until } from '../../support/temporal/until.js';
import { nightshift } from '../support/command.js';
import { untilSaid } from '../support/command-folder.js';
import { type Scene, createScene } from './scene.js';

let scene: Scene;
beforeAll(async () => {
  scene = await createScene({ temporalAddress: inject('temporalAddress'), intake: 'stacks' });
  await untilSaid(scene.start('worker', '--log-level', 'error'), 'serves the Buildkite queues');
});
afterAll(() => scene.close());

const run = (...args: string[]) => scene.run('buildkite', ...args);

/** A job that no queue of ours is asked for. */
async function newJob(command: string, env: Record<string, string> = {}): Promise<string> {
  const uuid = randomUUID();
  await scene.admin.createBuildkiteJob({ uuid, queue: 'another', command, env });
  return uuid;
}

describe('buildkite run-job', () => {
  it('runs one job and waits for its end', async () => {
    const uuid = await newJob('echo by hand');
    const { code, stdout, stderr } = await run('run-job', uuid);
    expect(stdout).toMatch(
      new RegExp(
        `^job ${uuid}: finished, exit status 0\nbuild buildkite-jobs:\\S+: SUCCEEDED  https://`,
      ),
    );
    expect(stderr).toContain(`buildkite-job/${uuid} runs; its log is in Buildkite`);
    expect(code).toBe(0);
    expect(await scene.admin.buildkiteJob(uuid)).toMatchObject({
      state: 'finished',
      exitStatus: '0',
    });
  });

  it('--json has the result alone on stdout; a job that failed is exit 1', async () => {
    const uuid = await newJob('exit 7');
    const { code, stdout } = await run('run-job', uuid, '--json');
    const result = z
      .looseObject({ jobId: z.string(), exitStatus: z.number() })
      .parse(JSON.parse(stdout));
    expect(result).toMatchObject({ jobId: uuid, exitStatus: 7, outcome: 'finished' });
    expect(code).toBe(1);
  });

  it('of a job that has run tells how it went, and runs nothing', async () => {
    const uuid = await newJob('exit 7');
    await run('run-job', uuid);
    const { code, stdout } = await run('run-job', uuid.toUpperCase());
    expect(stdout).toContain(`job ${uuid}: finished, exit status 7`);
    expect(code).toBe(1);
    const builds = await scene.admin.builds();
    expect(builds.filter(({ env }) => env['BUILDKITE_JOB_ID']?.value === uuid)).toHaveLength(1);
  });

  it('--detach returns at once; the job goes on', async () => {
    const uuid = await newJob('sleep 1');
    const { code, stdout } = await run('run-job', uuid, '--detach');
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    await until(
      'the job ends',
      async () => (await scene.admin.buildkiteJob(uuid)).state === 'finished',
    );
  });

  it('says why a job can’t be run', async () => {
    const uuid = await newJob('true', { CB_PRIVILEGED_MODE_OVERRIDE: 'yes' });
    const { code, stdout } = await run('run-job', uuid);
    expect(stdout).toContain(
      'exit status -1 (process_run_error: CB_PRIVILEGED_MODE_OVERRIDE="yes"',
    );
    expect(stdout).toContain('must be true or false');
    expect(code).toBe(1);
  });

  it('names a job that Buildkite doesn’t have', async () => {
    const uuid = randomUUID();
    const { code, stdout, stderr } = await run('run-job', uuid);
    expect(stderr).toContain(`job ${uuid} is another agent’s, or over`);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });

  it('refuses a word that is no UUID', async () => {
    const { code, stdout, stderr } = await run('run-job', 'nonsense');
    expect(stderr).toContain('"nonsense"');
    expect(stderr).toContain('the UUID of a Buildkite job, such as');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it('refuses a queue that is not configured, and names those that are', async () => {
    const uuid = await newJob('true');
    const { code, stderr } = await run('run-job', uuid, '--queue', 'nope');
    expect(stderr).toContain('"nope" is not a queue of buildkite.queues');
    expect(stderr).toContain(scene.queue);
    expect(code).toBe(2);
  });
});

describe('buildkite status', () => {
  it('shows each queue with the jobs that run and wait', async () => {
    const { queue, admin } = scene;
    const uuid = randomUUID();
    await admin.createBuildkiteJob({ uuid, queue, command: 'sleep 3600' });
    await until('it runs', async () => (await admin.buildkiteJob(uuid)).state === 'running');
    await until('it is shown', async () => (await run('status')).stdout.includes(uuid));
    const text = await run('status');
    expect(text.stdout).toContain(`${queue}  taking (stacks)  1 of 10 slots taken, 0 waiting`);
    expect(text.stdout).toContain(`  runs   ${uuid}\n`);
    const json = await run('status', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject([{ queue, state: 'taking', running: [uuid] }]);
    expect(json.code).toBe(0);
    await admin.cancelBuildkiteJob(uuid);
    await until('it ends', async () => (await admin.buildkiteJob(uuid)).state === 'canceled');
  });
});

describe('buildkite sweep', () => {
  it('that could not look everywhere says so, exit 1', async () => {
    await scene.admin.addFault({ kind: 'denyActions', actions: ['ListBuildsForProject'] });
    const { code, stdout, stderr } = await run('sweep');
    await scene.admin.clearFaults();
    expect(stdout).toMatch(/^1 project looked through: 0 builds stopped/);
    expect(stderr).toContain('builds of buildkite-jobs can’t be swept');
    expect(code).toBe(1);
  });

  it('says what it has looked through and ended', async () => {
    const { code, stdout } = await run('sweep');
    expect(stdout).toBe('1 project looked through: 0 builds stopped, 0 jobs finished as lost\n');
    expect(code).toBe(0);
    const json = await run('sweep', '--json');
    expect(JSON.parse(json.stdout)).toEqual({
      projects: 1,
      stopped: [],
      finished: [],
      troubles: [],
    });
  });
});

describe('a command line or config that is wrong', () => {
  test.each([
    { args: ['serve', '--detach'], says: ["unknown option '--detach'"] },
    { args: ['run-job'], says: ["missing required argument 'uuid'"] },
    { args: ['run-job', '--nope', randomUUID()], says: ["unknown option '--nope'"] },
    { args: ['stop'], says: ["missing required argument 'queue'"] },
    { args: ['status', 'x'], says: ['too many arguments'] },
    { args: ['serv'], says: ["unknown command 'serv'", 'serve'] },
    { args: ['serve', '--config', 'nowhere.yaml'], says: ['nowhere.yaml'] },
  ])('is refused, exit 2: $args', async ({ args, says }) => {
    const { code, stdout, stderr } = await run(...args);
    for (const part of says) expect(stderr).toContain(part);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  test('no buildkite: in the config is said before anything is started', async () => {
    const { buildkite: _buildkite, ...config } = scene.config;
    await scene.writeConfig(config);
    try {
      const { code, stderr } = await run('serve', '--local');
      expect(stderr).toContain('buildkite');
      expect(stderr).toMatch(/is missing/);
      expect(code).toBe(2);
    } finally {
      await scene.writeConfig(scene.config);
    }
  });

  test('no server is said, with ways out', async () => {
    const env = { TEMPORAL_ADDRESS: '127.0.0.1:1' };
    const config = { ...scene.config, temporal: undefined };
    await scene.writeConfig(config);
    try {
      const { code, stderr } = await nightshift(['buildkite', 'serve'], { cwd: scene.folder, env });
      expect(stderr).toContain('127.0.0.1:1');
      expect(code).toBe(3);
    } finally {
      await scene.writeConfig(scene.config);
    }
  });
});

// The last: the queue is not served after it.
describe('buildkite stop', () => {
  it('has a queue take no more jobs', async () => {
    const { stdout, code } = await run('stop', scene.queue);
    expect(stdout).toBe(`queue ${scene.queue} takes no more jobs\n`);
    expect(code).toBe(0);
    await until('it is served no more', async () => {
      const { stderr } = await run('status');
      return stderr.includes('no queue is served');
    });
    expect(await run('status', '--json')).toMatchObject({ code: 0, stdout: '[]\n' });
  });

  it('of a queue that is not served is exit 2', async () => {
    const { code, stderr, stdout } = await run('stop', 'nope');
    expect(stderr).toContain('queue nope is not served');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});
