import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { BehaviourInput } from '../../sandbox/codebuild/behaviour.js';
import type { FleetInput } from '../../sandbox/fleet/schema.js';
import { callsReach, outcomesOf } from './calls.js';
import { digestOf, textOf, truthOf } from './logs.js';
import {
  type Stage,
  account,
  behaving,
  makeFolder,
  project,
  region,
  request,
  setStage,
} from './scenario.js';

const hour = 3_600;
const place = { account: account.name, region };

/** A build that writes to a file while somebody reads it by its handle, too: both are to have every byte once. */
async function beginBuild(stage: Stage, behaviour: BehaviourInput, more: object = {}) {
  const file = join(await makeFolder(), 'log');
  const build = await stage.nightshift.builds.run({
    ...request,
    ...behaving(behaviour),
    sinks: [{ file }],
    ...more,
  });
  const read = textOf(build);
  read.catch(() => undefined);
  return { build, file, read };
}

async function expectWholeLog(
  { admin }: Stage,
  { build, file, read }: Awaited<ReturnType<typeof beginBuild>>,
): Promise<void> {
  const { buildId, log, status } = await build.result();
  expect(status).toBe('SUCCEEDED');
  const truth = await truthOf(admin, buildId);
  expect(digestOf(await readFile(file)), 'in the file').toEqual(truth);
  expect(digestOf(await read), 'by the handle').toEqual(truth);
  expect(log).toMatchObject({ bytes: truth.bytes, lost: 0 });
  expect(truth.bytes).toBeGreaterThan(500);
}

/** Pages as CloudWatch may cut them: every other one empty or in part. */
const wildPages: Partial<FleetInput> = { logs: { emptyPageShare: 0.5, partialPageShare: 0.5 } };

test.each<[string, BehaviourInput, Partial<FleetInput>]>([
  ['of several pages', { log: { bytes: 6_000_000, lineBytes: 400 } }, {}],
  ['of pages that are empty or partial', { log: { bytes: 3_000_000 } }, wildPages],
  [
    'of lines that are as long as CloudWatch takes them',
    { log: { bytes: 2_000_000, lineBytes: 262_117 } },
    {},
  ],
  [
    'of lines in two parts each, at the same millisecond',
    { log: { lines: 3_000, partialLines: true } },
    wildPages,
  ],
  ['whose last lines come long after the end', { log: { lines: 500, lateSeconds: 15 } }, {}],
  ['whose stream comes late', { provisioningSeconds: 30 }, {}],
  [
    'whose group and stream are named late',
    { phases: { BUILD: 40 } },
    { codebuild: { streamDelaySeconds: 25 } },
  ],
  ['whose group and stream are named after the end', {}, { codebuild: { streamDelaySeconds: 30 } }],
  ['that comes after the end', { log: { lateSeconds: 15 } }, { codebuild: { lateLogSeconds: 15 } }],
])('every byte of a log is given once and in order: one %s', async (_, behaviour, fleet) => {
  const stage = await setStage({
    fleet: { projects: [{ ...place, name: project }], ...fleet },
  });
  await expectWholeLog(stage, await beginBuild(stage, behaviour));
});

test('letters of several bytes are whole, wherever a line, a page or a part of it ends', async () => {
  const stage = await setStage({ fleet: wildPages });
  const started = await beginBuild(stage, { phases: { BUILD: 3_000 } });
  const { buildId } = await started.build.started();
  const stream = buildId.slice(buildId.indexOf(':') + 1);
  const at = { accountId: account.id, region, group: `/aws/codebuild/${project}`, stream };
  await callsReach(stage.admin, { action: 'GetLogEvents', outcome: 'ok' }, 1);
  const letters = ['a', 'é', '✓', '🌙', 'e\u0301', '\u001b[31m', '\u{10ffff}', '\r'];
  for (let length = 1; length <= 40; length++) {
    const message = Array.from({ length }, (_, index) => letters[(index + length) % 8]).join('');
    const timestamp = stage.sandbox.clock.now();
    stage.sandbox.services.logs.append(at, [{ timestamp, message }]);
  }
  await stage.admin.skip(3_000);
  await expectWholeLog(stage, started);
  expect(await readFile(started.file, 'utf8')).toContain('🌙');
});

test('a token past its 24 hours: the reading goes on by time', async () => {
  const stage = await setStage({
    fleet: { projects: [{ ...place, name: project }], ...wildPages },
  });
  const started = await beginBuild(
    stage,
    { phases: { BUILD: 25 * hour + 100 }, log: { everySeconds: 5, partialLines: true } },
    { timeout: '36h' },
  );
  const seen = { action: 'GetLogEvents', outcome: 'ok' };
  await callsReach(stage.admin, seen, 20);
  await stage.admin.skip(25 * hour);
  await expectWholeLog(stage, started);
  expect(await outcomesOf(stage.admin, 'GetLogEvents')).toContain('InvalidParameterException');
});

test('a build whose project writes no log has none, and ends no later', async () => {
  const stage = await setStage({
    fleet: { projects: [{ ...place, name: project, logs: { status: 'DISABLED' } }] },
    config: { builds: { logDrain: '10m', logWait: '10m' } },
  });
  const { build, read } = await beginBuild(stage, {});
  expect(await build.result()).toMatchObject({
    status: 'SUCCEEDED',
    log: { bytes: 0, disabled: true },
  });
  expect(await read).toBe('');
  expect(await outcomesOf(stage.admin, 'GetLogEvents')).toEqual([]);
});

test('a log that never comes is waited for as long as configured, and no longer', async () => {
  const stage = await setStage({ config: { builds: { logDrain: '50ms', logWait: '300ms' } } });
  const never = { log: { lateSeconds: 100_000 } };
  const { build, read } = await beginBuild(stage, never);
  expect(await build.result()).toMatchObject({ status: 'SUCCEEDED', log: { bytes: 0 } });
  expect(await read).toBe('');
});

test('a worker is replaced again and again in the middle of a log', async () => {
  const stage = await setStage({ fleet: wildPages });
  const started = await beginBuild(stage, {
    phases: { BUILD: 3_000 },
    log: { everySeconds: 0.5, partialLines: true },
  });
  for (let replaced = 0; replaced < 4; replaced++) {
    const { length } = await stage.admin.ledger({ action: 'GetLogEvents' });
    await callsReach(stage.admin, { action: 'GetLogEvents' }, length + 10);
    await stage.replaceWorker();
  }
  expect(await stage.admin.builds({ status: 'IN_PROGRESS' })).toHaveLength(1);
  await stage.admin.skip(3_000);
  await expectWholeLog(stage, started);
});

test('CloudWatch throttles, breaks connections and is slow: nothing is lost or doubled', async () => {
  const stage = await setStage({ fleet: { ...wildPages, seed: 7 } });
  await stage.admin.setFaults([
    { kind: 'throttle', service: 'logs', share: 0.2 },
    { kind: 'loseResponse', service: 'logs', share: 0.1 },
    { kind: 'loseResponse', service: 'logs', share: 0.1, when: 'before' },
    { kind: 'latency', service: 'logs', share: 0.2, minMs: 100, maxMs: 3_000 },
  ]);
  await expectWholeLog(
    stage,
    await beginBuild(stage, { phases: { BUILD: 200 }, log: { bytes: 1_000_000 } }),
  );
  for (const outcome of ['throttled', 'lost'])
    expect(await outcomesOf(stage.admin, 'GetLogEvents')).toContain(outcome);
});

test('a log that may not be read for a while is read when it may', async () => {
  const stage = await setStage();
  const started = await beginBuild(stage, { phases: { BUILD: 3_000 }, log: { everySeconds: 0.5 } });
  await callsReach(stage.admin, { action: 'GetLogEvents', outcome: 'ok' }, 3);
  await stage.admin.addFault({ kind: 'denyActions', service: 'logs', actions: ['GetLogEvents'] });
  await callsReach(stage.admin, { action: 'GetLogEvents', outcome: 'AccessDeniedException' }, 3);
  await stage.admin.clearFaults();
  await stage.admin.skip(3_000);
  const { buildId, status } = await started.build.result();
  expect(status).toBe('SUCCEEDED');
  expect(digestOf(await readFile(started.file))).toEqual(await truthOf(stage.admin, buildId));
});
