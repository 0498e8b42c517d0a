import { expect, test } from 'vitest';
import { deletesOf, itemOf, play, setStage, stack } from './scenario.js';

test('trap 1: a stack whose export is in use is reported with its importer, and its delete is never sent', async () => {
  const { result, stage } = await play({
    fleet: {
      stacks: [
        stack('network', { exports: ['vpc'] }),
        stack('billing', { imports: ['vpc'], tags: {} }),
      ],
    },
  });
  expect(itemOf(result, 'network')).toMatchObject({
    outcome: 'blocked',
    blockedBy: [{ name: 'billing' }],
  });
  expect(await deletesOf(stage, 'network')).toEqual([]);
});

test('trap 1: a delete that CloudFormation silently takes back is blocked, not waited for', async () => {
  const stage = await setStage({
    fleet: { stacks: [stack('network', { exports: ['vpc'] })] },
    config: { rails: { requireApproval: true } },
  });
  const run = await stage.start();
  const { planHash } = await untilApproval(run);
  await stage.admin.createStack(stack('latecomer', { imports: ['vpc'], tags: {} }));
  await run.approve({ planHash });
  const result = await run.result();
  expect(itemOf(result, 'network')).toMatchObject({
    outcome: 'blocked',
    blockedBy: [{ name: 'latecomer' }],
  });
  expect(itemOf(result, 'network').reason).toMatch(/vpc/);
  expect(result.status).toBe('completed');
  expect((await stage.admin.stacks({ name: 'network' }))[0]?.status).toBe('CREATE_COMPLETE');
});

test('trap 10: a reader through Fn::GetStackOutput goes first, and does not block', async () => {
  const { result } = await play({
    fleet: {
      stacks: [
        stack('producer', { outputs: { Url: 'https://example' } }),
        stack('reader', { stackOutputs: [{ stack: 'producer', output: 'Url' }] }),
        stack('outside', { tags: {}, stackOutputs: [{ stack: 'producer', output: 'Url' }] }),
      ],
    },
  });
  const producer = itemOf(result, 'producer');
  const reader = itemOf(result, 'reader');
  expect(producer).toMatchObject({ outcome: 'deleted', dependents: [reader.id] });
  expect(Date.parse(producer.startedAt!)).toBeGreaterThanOrEqual(Date.parse(reader.endedAt!));
});

test('trap 14: every list is read to its last page: stacks, exports, importers', async () => {
  const importers = Array.from({ length: 130 }, (_, index) =>
    stack(`app-${index}`, { imports: ['shared'], exports: [`e-${index}`], deleteSeconds: 1 }),
  );
  const { result, stage } = await play({
    // The importer that blocks is the last of the last page.
    fleet: {
      stacks: [
        stack('base', { exports: ['shared'] }),
        ...importers,
        stack('zz-last', { imports: ['e-129'], tags: {} }),
      ],
    },
  });
  expect(result.totals).toMatchObject({ deleted: 129, blocked: 2, failed: 0 });
  expect(itemOf(result, 'app-129')).toMatchObject({
    outcome: 'blocked',
    blockedBy: [{ name: 'zz-last' }],
  });
  expect(itemOf(result, 'base').blockedBy).toMatchObject([{ name: 'app-129' }]);
  expect(await deletesOf(stage, 'base')).toEqual([]);
});

test('trap 16: an importer outside the selection is named, never pulled into the deletion', async () => {
  const { result, stage } = await play({
    fleet: {
      stacks: [
        stack('base', { exports: ['x'] }),
        stack('keep', { imports: ['x'], tags: { ephemeral: 'false' } }),
      ],
    },
  });
  expect(result.targets.flatMap(({ items }) => items).map(({ name }) => name)).toEqual(['base']);
  expect((await stage.admin.stacks({ name: 'keep' }))[0]?.status).toBe('CREATE_COMPLETE');
});

test('trap 20: an export that nobody imports does not stop the look at the target', async () => {
  const { result } = await play({ fleet: { stacks: [stack('lonely', { exports: ['unused'] })] } });
  expect(result.totals).toMatchObject({ deleted: 1, failed: 0 });
});

async function untilApproval(run: {
  progress(): Promise<{ phase: string; planHash?: string }>;
}): Promise<{ planHash: string }> {
  for (;;) {
    const { phase, planHash } = await run.progress();
    if (phase === 'awaiting-approval' && planHash !== undefined) return { planHash };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
