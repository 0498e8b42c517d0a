import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { runResultSchema } from '../../src/domain/cleanup/result.js';
import { until } from '../support/temporal/until.js';
import { type Workspace, createWorkspace, region } from './support/workspace.js';

let workspace: Workspace;

/** Time stands still in this sandbox: a delete ends when a test says so. */
beforeAll(async () => {
  const ephemeral = { account: '', region, tags: { ephemeral: 'true' } };
  workspace = await createWorkspace({
    temporalAddress: inject('temporalAddress'),
    speed: 1e-6,
    stacks: [
      { ...ephemeral, name: 'base', exports: ['zone'] },
      { ...ephemeral, name: 'network', exports: ['vpc'], imports: ['zone'] },
      { ...ephemeral, name: 'app', imports: ['vpc'] },
    ],
  });
  await workspace.startWorker();
});
afterAll(() => workspace.close());

const statusSchema = z.looseObject({
  phase: z.string(),
  planHash: z.string().optional(),
  targets: z.array(
    z.looseObject({
      progress: z.looseObject({ counts: z.record(z.string(), z.number()) }).optional(),
    }),
  ),
});
const idsSchema = z.looseObject({ workflowId: z.string(), runId: z.string() });

async function status(run: string) {
  const { stdout } = await workspace.run('cleanup', 'status', run, '--json');
  const state = statusSchema.parse(JSON.parse(stdout));
  return { ...state, counts: state.targets[0]?.progress?.counts ?? {} };
}

async function untilPhase(run: string, phase: string): Promise<void> {
  await until(`${run} is ${phase}`, async () => (await status(run)).phase === phase);
}

/** Watches a run at a terminal where Ctrl-C is pressed twice. */
async function watchedAndLeft(run: string) {
  const watching = workspace.start('cleanup', 'watch', run, '--json');
  await until('it watches', () => watching.written().stderr.includes('awaiting-approval'));
  watching.signal('SIGINT');
  await until('it detaches', () => watching.written().stderr.includes('Ctrl-C again'));
  watching.signal('SIGINT');
  return await watching.finished;
}

async function detached(...flags: string[]): Promise<string> {
  const { code, stdout } = await workspace.run('cleanup', 'run', '--detach', '--json', ...flags);
  expect(code).toBe(0);
  return idsSchema.parse(JSON.parse(stdout)).workflowId;
}

async function resultOf(run: string) {
  const { code, stdout } = await workspace.run('cleanup', 'watch', run, '--json');
  return { code, result: runResultSchema.parse(JSON.parse(stdout)) };
}

describe('a run that is under way', () => {
  it('that needs approval waits for it, refuses another plan’s hash, and is cancelled', async () => {
    const run = await detached('--require-approval');
    await untilPhase(run, 'awaiting-approval');
    const wrong = await workspace.run('cleanup', 'approve', run, '--plan-hash', '0123456789abcdef');
    expect(wrong.stderr).toContain('not 0123456789abcdef');
    expect(wrong.code).toBe(2);
    const report = await workspace.run('cleanup', 'report', run);
    expect(report.stderr).toContain('still goes on');
    expect(report.code).toBe(2);
    const cancel = await workspace.run('cleanup', 'cancel', run, '--reason', 'not tonight');
    expect(cancel).toMatchObject({ code: 0, stdout: `cancelling ${run}\n` });
    const { code, result } = await resultOf(run);
    expect(result).toMatchObject({ status: 'cancelled', reason: 'not tonight' });
    expect(code).toBe(1);
    expect(workspace.sandbox.ledger.entries({ action: 'DeleteStack' })).toEqual([]);
  });

  it('is left by a Ctrl-C, goes on, and is cancelled by a second one', async () => {
    const first = workspace.start('cleanup', 'run', '--require-approval');
    await until('it waits', () => first.written().stdout.includes('waits for: nightshift'));
    first.signal('SIGINT');
    const left = await first.finished;
    expect(left.stderr).toMatch(/Come back with: nightshift cleanup watch cleanup-run-\S+\n/);
    expect(left.code).toBe(130);
    const { workflowId } = idsSchema
      .array()
      .parse(JSON.parse((await workspace.run('cleanup', 'list', '--json')).stdout))[0]!;
    expect((await status(workflowId)).phase).toBe('awaiting-approval');

    // The second has to come within three seconds, as the command counts them: it may take a few tries.
    let ended = await watchedAndLeft(workflowId);
    while (ended.code === 130) ended = await watchedAndLeft(workflowId);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      status: 'cancelled',
      reason: 'cancelled at the terminal',
    });
    expect(ended.code).toBe(1);
  });

  it('is approved, paused, resumed and told to skip a stack', async () => {
    const run = await detached('--require-approval');
    await untilPhase(run, 'awaiting-approval');
    const { planHash } = await status(run);
    const approved = await workspace.run('cleanup', 'approve', run, '--plan-hash', planHash!);
    expect(approved).toMatchObject({ code: 0, stdout: `approved ${run}\n` });
    await until('app goes', async () => (await status(run)).counts['deleting'] === 1);

    expect(await workspace.run('cleanup', 'pause', run)).toMatchObject({
      code: 0,
      stdout: `paused ${run}\n`,
    });
    await untilPhase(run, 'paused');
    workspace.sandbox.clock.skip(60);
    await until('app is gone', async () => (await status(run)).counts['deleted'] === 1);
    // What stood below it is free now, and would begin if the run were not paused.
    expect((await status(run)).counts).toMatchObject({ waiting: 2, deleting: 0 });

    const unknown = await workspace.run('cleanup', 'skip', 'nope', run);
    expect(unknown.stderr).toContain('no stack, bucket or snapshot nope');
    expect(unknown.code).toBe(2);
    const skip = await workspace.run('cleanup', 'skip', 'base', run, '--account', 'dev-1');
    expect(skip.code).toBe(0);
    expect(await workspace.run('cleanup', 'resume', run, '--json')).toMatchObject({ code: 0 });
    await until('network goes', async () => (await status(run)).counts['deleting'] === 1);
    workspace.sandbox.clock.skip(60);
    const { code, result } = await resultOf(run);
    expect(result.totals).toMatchObject({ deleted: 2, skipped: 1, blocked: 0, failed: 0 });
    expect(code).toBe(0);
  });
});
