import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { until } from '../../support/temporal/until.js';
import { type Scene, createScene } from './scene.js';

const nightly = { cron: '0 2 * * *', timeZone: 'Australia/Melbourne', jitter: '5m' };

let scene: Scene;
let client: Client;

beforeAll(async () => {
  // Schedules belong to a namespace: one of its own, so that `--prune` finds nobody else's.
  const address = inject('temporalAddress');
  const namespace = `images-schedules-${randomBytes(4).toString('hex')}`;
  const connection = await Connection.connect({ address });
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: msToTs('1 day'),
  });
  client = new Client({ connection, namespace });
  scene = await createScene({ address, namespace }, { schedule: nightly });
  await until(
    'the namespace is known',
    async () => (await scene.run('schedule', 'list')).code === 0,
  );
});
afterAll(async () => {
  await scene.close();
  await client.connection.close();
});

/** Gives the lines of the config other names, channels and schedules. */
async function configure(
  lines: readonly { line: string; channel: string; schedule?: object }[],
): Promise<void> {
  const [first] = z.array(z.looseObject({})).parse(scene.config['images']);
  const schedules = [{ name: 'images-a-b-c', cron: '0 1 * * *' }];
  await scene.writeConfig({
    ...scene.config,
    schedules,
    images: lines.map((line) => ({ ...first, schedule: undefined, ...line })),
  });
}

const apply = async (...flags: string[]) => {
  const { stdout, stderr, code } = await scene.run('schedule', 'apply', ...flags);
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  return stdout;
};

describe('schedules of lines', () => {
  it('apply puts one there that starts the check of its line', async () => {
    const name = `images/${scene.line}/dev`;
    expect(await apply('--dry-run')).toBe(
      `+ ${name}\n1 would change (dry run: nothing was touched)\n`,
    );
    expect(await apply()).toBe(`+ ${name}\n1 changed\n`);
    expect(await apply()).toBe(`= ${name}\nnothing to change\n`);
    const { action, policies } = await client.schedule.getHandle(`nightshift/${name}`).describe();
    expect(action).toMatchObject({
      type: 'startWorkflow',
      workflowType: 'imageCheck',
      workflowId: `images-check/${scene.line}/dev`,
      args: [{ line: scene.line, channel: 'dev' }],
    });
    expect(policies.overlap).toBe('SKIP');
  });

  it('list shows it, trigger has the line checked', async () => {
    await until('it is listed', async () =>
      (await scene.run('schedule', 'list')).stdout.includes('images/'),
    );
    const { stdout } = await scene.run('schedule', 'list');
    expect(stdout).toMatch(
      new RegExp(`^images/${scene.line}/dev +waiting +0 2 \\* \\* \\* +Australia/Melbourne +`, 'm'),
    );
    await scene.startWorker();
    const triggered = await scene.run('schedule', 'trigger', `images/${scene.line}/dev`);
    expect(triggered.code).toBe(0);
    await until('the line is built', async () =>
      (await scene.run('images', 'status', scene.line)).stdout.includes('3 built'),
    );
  });

  it('lines and channels whose names join to the same text have schedules of their own', async () => {
    await configure([
      { line: 'a', channel: 'b-c', schedule: nightly },
      { line: 'a-b', channel: 'c', schedule: { ...nightly, paused: true } },
      { line: 'a-b-c', channel: 'dev' },
    ]);
    expect(await apply()).toBe(
      [
        '+ images-a-b-c',
        '+ images/a/b-c',
        '+ images/a-b/c',
        `? images/${scene.line}/dev: not in the file; --prune removes it`,
        '3 changed',
        '',
      ].join('\n'),
    );
    const of = (name: string) => client.schedule.getHandle(`nightshift/images/${name}`).describe();
    expect((await of('a/b-c')).action).toMatchObject({ args: [{ line: 'a', channel: 'b-c' }] });
    expect((await of('a-b/c')).action).toMatchObject({ args: [{ line: 'a-b', channel: 'c' }] });
    expect((await of('a-b/c')).state.paused).toBe(true);
  });

  it('apply shows which settings differ, and prunes what the config has no more', async () => {
    await configure([
      { line: 'a', channel: 'b-c', schedule: { ...nightly, cron: '0 3 * * *' } },
      { line: 'a-b', channel: 'c' },
    ]);
    const stdout = await apply('--prune', '--json');
    const changes = z.array(z.looseObject({ name: z.string() })).parse(JSON.parse(stdout));
    expect(changes.sort((a, b) => a.name.localeCompare(b.name, 'en'))).toEqual([
      { name: 'images-a-b-c', kind: 'unchanged' },
      { name: 'images/a-b/c', kind: 'removed' },
      { name: 'images/a/b-c', kind: 'updated', fields: ['cron'] },
      { name: `images/${scene.line}/dev`, kind: 'removed' },
    ]);
  });
});
