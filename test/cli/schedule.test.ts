import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { until } from '../support/temporal/until.js';
import { type Workspace, createWorkspace } from './support/workspace.js';

let workspace: Workspace;

const nightly = {
  name: 'nightly',
  cron: '0 23 * * *',
  timeZone: 'Australia/Melbourne',
  policies: ['ephemeral-stacks'],
};
const weekly = { name: 'weekly', cron: '0 4 * * 0', jitter: '10m' };

beforeAll(async () => {
  // Schedules belong to a namespace: one of its own, so that `--prune` finds nobody else's.
  const temporalAddress = inject('temporalAddress');
  const namespace = `cli-schedules-${randomBytes(4).toString('hex')}`;
  const connection = await Connection.connect({ address: temporalAddress });
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: msToTs('1 day'),
  });
  await connection.close();
  workspace = await createWorkspace({ temporalAddress, namespace });
  await until(
    'the namespace is known',
    async () => (await workspace.run('schedule', 'list')).code === 0,
  );
});
afterAll(() => workspace.close());

async function configure(schedules: readonly object[]): Promise<void> {
  const file = join(workspace.folder, 'nightshift.yaml');
  const config = z.looseObject({}).parse(parse(await readFile(file, 'utf8')));
  await writeFile(file, stringify({ ...config, schedules }));
}

const listed = z.array(z.looseObject({ name: z.string(), paused: z.boolean() }));

async function onServer() {
  return listed.parse(JSON.parse((await workspace.run('schedule', 'list', '--json')).stdout));
}

describe('schedule', () => {
  it('apply --dry-run shows what it would do and does nothing', async () => {
    await configure([nightly, weekly]);
    const { code, stdout } = await workspace.run('schedule', 'apply', '--dry-run');
    expect(stdout).toBe('+ nightly\n+ weekly\n2 would change (dry run: nothing was touched)\n');
    expect(code).toBe(0);
    expect(await onServer()).toEqual([]);
  });

  it('apply is idempotent and shows what it changes', async () => {
    expect((await workspace.run('schedule', 'apply')).stdout).toBe(
      '+ nightly\n+ weekly\n2 changed\n',
    );
    expect((await workspace.run('schedule', 'apply')).stdout).toBe(
      '= nightly\n= weekly\nnothing to change\n',
    );
    await configure([{ ...nightly, cron: '30 22 * * *' }, weekly]);
    const { stdout } = await workspace.run('schedule', 'apply', '--json');
    expect(JSON.parse(stdout)).toEqual([
      { name: 'nightly', kind: 'updated', fields: ['cron'] },
      { name: 'weekly', kind: 'unchanged' },
    ]);
  });

  it('list shows them with their time zone and next start', async () => {
    await until('both are listed', async () => (await onServer()).length === 2);
    const { code, stdout } = await workspace.run('schedule', 'list');
    expect(stdout).toMatch(/^NAME +STATE +CRON +TIME ZONE +NEXT \(UTC\)\n/);
    expect(stdout).toMatch(
      /nightly +waiting +30 22 \* \* \* +Australia\/Melbourne +\d{4}-\d\d-\d\d \d\d:30\n/,
    );
    expect(code).toBe(0);
  });

  it('pause and resume hold and release one', async () => {
    const paused = await workspace.run('schedule', 'pause', 'nightly', '--note', 'freeze');
    expect(paused).toMatchObject({ code: 0, stdout: 'paused nightly\n' });
    expect((await onServer()).find(({ name }) => name === 'nightly')).toMatchObject({
      paused: true,
      note: 'freeze',
    });
    expect((await workspace.run('schedule', 'resume', 'nightly')).code).toBe(0);
    expect((await onServer()).find(({ name }) => name === 'nightly')?.paused).toBe(false);
  });

  it('trigger starts its run now', async () => {
    await workspace.startWorker();
    const triggered = await workspace.run('schedule', 'trigger', 'nightly', '--json');
    expect(JSON.parse(triggered.stdout)).toEqual({ name: 'nightly', done: 'triggered' });
    await until('the run is done', async () =>
      (await workspace.run('cleanup', 'list')).stdout.includes('completed'),
    );
    const report = await workspace.run('cleanup', 'report', 'latest', '--json');
    expect(JSON.parse(report.stdout)).toMatchObject({
      status: 'completed',
      totals: { deleted: 2 },
      policies: ['ephemeral-stacks'],
    });
  });

  it('apply leaves what the file no longer has, unless told to prune', async () => {
    await configure([nightly]);
    expect((await workspace.run('schedule', 'apply')).stdout).toContain(
      '? weekly: not in the file; --prune removes it',
    );
    expect(await onServer()).toHaveLength(2);
    expect((await workspace.run('schedule', 'apply', '--prune')).stdout).toContain('- weekly\n');
    await until('weekly is gone', async () => (await onServer()).length === 1);
  });

  it('delete removes one; one that is not there is named, exit 2', async () => {
    expect((await workspace.run('schedule', 'delete', 'nightly')).stdout).toBe('deleted nightly\n');
    for (const verb of ['delete', 'pause', 'resume', 'trigger']) {
      const { code, stderr } = await workspace.run('schedule', verb, 'nightly');
      expect(stderr).toContain('there is no schedule nightly');
      expect(code).toBe(2);
    }
  });
});
