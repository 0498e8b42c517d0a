import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { planSchema } from '../../src/domain/cleanup/plan.js';
import { runResultSchema } from '../../src/domain/cleanup/result.js';
import { until } from '../support/temporal/until.js';
import { nightshift } from './support/command.js';
import { type Workspace, createWorkspace } from './support/workspace.js';

let workspace: Workspace;

beforeAll(async () => {
  workspace = await createWorkspace({ temporalAddress: inject('temporalAddress') });
  await workspace.startWorker();
});
afterAll(() => workspace.close());

const json = (text: string): unknown => JSON.parse(text);
const listings = z.array(
  z.looseObject({ workflowId: z.string(), runId: z.string(), status: z.string() }),
);
const escape = '\u001b';

/** In the order of what each does to the fleet. */
describe('cleanup, through a worker', () => {
  let planHash: string;

  it('plan --json prints the plan alone on stdout, and deletes nothing', async () => {
    const { code, stdout } = await workspace.run('cleanup', 'plan', '--json');
    const plan = planSchema.parse(json(stdout));
    const items = plan.targets.flatMap(({ items }) => items);
    expect(
      Object.fromEntries(items.map(({ name, decision, wave }) => [name, [decision, wave]])),
    ).toEqual({
      app: ['delete', 0],
      network: ['delete', 1],
      guarded: ['skip', undefined],
      shared: ['blocked', undefined],
    });
    expect(plan.totals).toEqual({ delete: 2, skip: 1, blocked: 1 });
    expect(code).toBe(0);
    expect(workspace.sandbox.ledger.entries({ action: 'DeleteStack' })).toEqual([]);
    planHash = plan.planHash;
  });

  it('plan in a pipe has no colours, whatever CI and FORCE_COLOR say, and fits 80 columns', async () => {
    const env = { ...workspace.options.env, CI: 'true', FORCE_COLOR: '3' };
    const { code, stdout, stderr } = await nightshift(['cleanup', 'plan'], {
      ...workspace.options,
      env,
    });
    expect(code).toBe(0);
    expect(stdout + stderr).not.toContain(escape);
    expect(Math.max(...stdout.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80);
    expect(stdout).toMatch(/wave 1 +app\n +wave 2 +network\n/);
    expect(stdout).toContain('skipped  guarded: termination protection');
    expect(stdout).toContain('consumer');
    expect(stdout).toContain('2 to delete, 1 skipped, 1 blocked in 1 target');
    expect(stderr).toBe('');
  });

  it('plan of a policy, an account or a region that is not there is refused, exit 2', async () => {
    for (const [flag, value] of [
      ['--policy', 'nope'],
      ['--account', 'prod-*'],
      ['--region', 'eu-west-1'],
    ] as const) {
      const { code, stdout, stderr } = await workspace.run('cleanup', 'plan', flag, value);
      expect(stderr).toContain(value);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    }
  });

  it('run --plan-hash is refused where the plan is another one, exit 2', async () => {
    const other = planHash.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
    const { code, stdout } = await workspace.run('cleanup', 'run', '--json', '--plan-hash', other);
    const result = runResultSchema.parse(json(stdout));
    expect(result).toMatchObject({ status: 'refused', totals: { deleted: 0 } });
    expect(result.reason).toContain('the plan has changed');
    expect(code).toBe(2);
  });

  it('run --plan-hash --json deletes what was planned; the JSON is alone on stdout', async () => {
    const { code, stdout, stderr } = await workspace.run(
      ...['cleanup', 'run', '--json', '--plan-hash', planHash],
    );
    const result = runResultSchema.parse(json(stdout));
    expect(result).toMatchObject({
      status: 'completed',
      totals: { deleted: 2, skipped: 1, blocked: 1, failed: 0 },
    });
    expect(stderr).toContain('dev-1/us-east-1 deleted network');
    expect(stdout + stderr).not.toContain(escape);
    expect(code).toBe(0);
  });

  it('run in a pipe says line by line what it does, then the sum', async () => {
    const { code, stdout } = await workspace.run('cleanup', 'run', '--yes');
    expect(stdout).toMatch(/\d\d:\d\d:\d\d run cleanup-run-\S+: /);
    expect(stdout).toContain('Cleanup completed in');
    expect(stdout).not.toContain(escape);
    expect(code).toBe(0);
  });

  it('list shows the runs, the newest first, and no plans', async () => {
    const newest = () => workspace.run('cleanup', 'list', '--limit', '1');
    // Lists follow what happens a moment later.
    await until('the end is listed', async () => !(await newest()).stdout.includes(' running '));
    expect((await newest()).stdout).toMatch(
      /^RUN +STATE +STARTED \(UTC\) +TOOK\n\S+ +completed .*\n$/,
    );
    const { code, stdout } = await workspace.run('cleanup', 'list', '--json');
    const runs = listings.parse(json(stdout));
    expect(runs).toHaveLength(3);
    expect(runs.every(({ workflowId }) => workflowId.startsWith('cleanup-run-'))).toBe(true);
    expect(code).toBe(0);
  });

  it('status, watch and report find a run by workflow id, run id and latest', async () => {
    const [newest, second] = listings.parse(
      json((await workspace.run('cleanup', 'list', '--json')).stdout),
    );
    const status = await workspace.run('cleanup', 'status', newest!.workflowId);
    expect(status.stdout).toMatch(/dev-1\/us-east-1 .*done/);
    const byRunId = await workspace.run('cleanup', 'status', second!.runId, '--json');
    expect(json(byRunId.stdout)).toMatchObject({ phase: 'done', workflowId: second!.workflowId });
    const watched = await workspace.run('cleanup', 'watch', 'latest', '--json');
    expect(json(watched.stdout)).toMatchObject({ workflowId: newest!.workflowId });
    expect([status.code, byRunId.code, watched.code]).toEqual([0, 0, 0]);
  });

  it('report prints text or JSON, or writes one HTML file', async () => {
    const [, second] = listings.parse(
      json((await workspace.run('cleanup', 'list', '--json')).stdout),
    );
    const text = await workspace.run('cleanup', 'report', second!.workflowId);
    expect(text.stdout).toMatch(/deleted +2\n/);
    const result = await workspace.run('cleanup', 'report', second!.workflowId, '--json');
    expect(runResultSchema.parse(json(result.stdout)).totals.deleted).toBe(2);
    const html = await workspace.run('cleanup', 'report', second!.workflowId, '--html', 'r.html');
    expect(html).toMatchObject({
      code: 0,
      stdout: `report written to ${workspace.folder}/r.html\n`,
    });
    const page = await readFile(join(workspace.folder, 'r.html'), 'utf8');
    expect(page).toMatch(/^<!doctype html>/i);
    expect(page).toContain('network');
    const nowhere = await workspace.run('cleanup', 'report', 'latest', '--html', 'no/such/r.html');
    expect(nowhere.stderr).toContain('--html');
    expect(nowhere.code).toBe(2);
  });

  it('a run that has ended can’t be told anything, exit 2', async () => {
    for (const args of [['pause'], ['resume'], ['cancel'], ['approve', '--yes']]) {
      const { code, stdout, stderr } = await workspace.run('cleanup', ...args, 'latest');
      expect(stderr).toContain('ended');
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    }
  });
});
