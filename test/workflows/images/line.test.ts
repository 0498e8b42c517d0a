import { expect, test } from 'vitest';
import type { LineStatus } from '../../../src/client/index.js';
import { until } from '../stage.js';
import { World, setLine } from './world.js';

const tracker = { kind: 'ssm', name: '/t', region: 'us-east-1', format: 'json' } as const;

test('a check builds what is missing, once on each base OS, and records it', async () => {
  const world = new World({ tracker });
  world.versions = ['16.11.0-1', '16.10.0-1'];
  const { line, check } = await setLine(world);
  const result = await check();
  expect(result.started).toHaveLength(4);
  expect(result.built.map(({ os, evr }) => `${evr} ${os}`)).toEqual([
    '16.11.0-1 al2023',
    '16.11.0-1 rocky9',
    '16.10.0-1 al2023',
    '16.10.0-1 rocky9',
  ]);
  expect(result.failed).toEqual([]);
  expect(new Set(world.built).size).toBe(4);
  const status = await line.status();
  expect(status.cells.map(({ state }) => state)).toEqual(['built', 'built', 'built', 'built']);
  await until(() => Object.keys(world.tracked.at(-1)?.built ?? {}).length === 4 || undefined);
});

test('a check that finds nothing new is a success that says so, and builds nothing', async () => {
  const world = new World();
  world.versions = ['16.11.0-1'];
  const { check } = await setLine(world);
  await check();
  const again = await check();
  expect(again).toMatchObject({ started: [], built: [], failed: [], held: 0 });
  expect(world.built).toHaveLength(2);
});

test('as many images are built at once as configured, and no more', async () => {
  const world = new World({ concurrency: 3 });
  world.versions = Array.from({ length: 6 }, (_, index) => `16.${index}.0-1`);
  const { check } = await setLine(world);
  await check();
  expect(world.built).toHaveLength(12);
  expect(world.most).toBeLessThanOrEqual(3);
});

test('two checks at once build every image once', async () => {
  const world = new World();
  world.versions = ['16.11.0-1', '16.10.0-1'];
  const { check } = await setLine(world);
  const results = await Promise.all([check(), check(), check()]);
  expect(world.built).toHaveLength(4);
  expect(new Set(world.built).size).toBe(4);
  // Whoever waits, waits for all of it.
  for (const { failed } of results) expect(failed).toEqual([]);
});

test('a failed image is tried again with growing distance, then held with its reason and link', async () => {
  const world = new World({ attempts: { most: 3, delay: '20ms', factor: 2 } });
  world.versions = ['16.11.0-1'];
  world.failures.push({ part: 'rocky9', times: 99, reason: 'dnf said no' });
  const { line, check } = await setLine(world);
  const result = await check();
  expect(result.built.map(({ os }) => os)).toEqual(['al2023']);
  expect(result.failed).toMatchObject([
    {
      os: 'rocky9',
      reason: 'dnf said no',
      link: expect.stringContaining('https://ci.example/') as string,
    },
  ]);
  expect(world.built.filter((key) => key.includes('rocky9'))).toHaveLength(3);
  expect(cellOf(await line.status(), 'rocky9')).toMatchObject({
    state: 'held',
    reason: 'dnf said no',
    attempts: 3,
  });
  // Not every night.
  await check();
  expect(world.built.filter((key) => key.includes('rocky9'))).toHaveLength(3);
});

test('a held image is built when a person releases it', async () => {
  const world = new World({ attempts: { most: 1, delay: '10ms', factor: 1 } });
  world.versions = ['16.11.0-1'];
  world.failures.push({ part: 'rocky9', times: 1, reason: 'dnf said no' });
  const { line, check } = await setLine(world);
  await check();
  expect(await line.release({ os: ['al2023'] })).toEqual({ released: [] });
  const { released } = await line.release({ versions: ['16.11.0'], os: ['rocky9'] });
  expect(released).toEqual([{ os: 'rocky9', arch: 'x86_64', evr: '16.11.0-1' }]);
  await until(async () => cellOf(await line.status(), 'rocky9')?.state === 'built' || undefined);
});

test('a held image is built anew by another recipe, and so is what was built', async () => {
  const world = new World({
    attempts: { most: 1, delay: '10ms', factor: 1 },
    recipe: 'a1',
  });
  world.versions = ['16.11.0-1'];
  world.failures.push({ part: 'rocky9', times: 1, reason: 'dnf said no' });
  const { line, check } = await setLine(world);
  await check();
  world.spec = { ...world.spec, recipe: 'b2' };
  const result = await check();
  expect(result.built).toHaveLength(2);
  expect(world.built.slice(2).every((key) => key.endsWith('/b2'))).toBe(true);
  expect((await line.status()).cells.map(({ state }) => state)).toEqual(['built', 'built']);
});

test('the first check builds no more than its limit, newest first; the rest waits for approval', async () => {
  const world = new World({ firstRunLimit: 3 });
  world.versions = ['16.3.0-1', '16.2.0-1', '16.1.0-1'];
  const { line, check } = await setLine(world);
  const first = await check();
  expect(first.started.map(({ evr, os }) => `${evr} ${os}`)).toEqual([
    '16.3.0-1 al2023',
    '16.3.0-1 rocky9',
    '16.2.0-1 al2023',
  ]);
  expect(first.awaitingApproval).toBe(3);
  const status = await line.status();
  expect(status.cells.at(-1)).toMatchObject({ state: 'missing', reason: 'waits for approval' });
  // What comes later is built; what waits still waits.
  world.versions = ['16.4.0-1', ...world.versions];
  expect((await check()).started.map(({ evr }) => evr)).toEqual(['16.4.0-1', '16.4.0-1']);
  const approved = await check({ approve: true });
  expect(approved.started).toHaveLength(3);
  expect(approved.awaitingApproval).toBe(0);
  expect(world.built).toHaveLength(8);
});

test('a plan reads the mirror, seeds the record, and builds nothing', async () => {
  const world = new World({ firstRunLimit: 1 });
  world.versions = ['16.11.0-1', '16.10.0-1'];
  world.existing = [
    { id: 'al2023/x86_64/16.10.0-1', image: { imageId: 'ami-00000000000000abc' }, ready: true },
  ];
  const { line, check } = await setLine(world);
  const plan = await line.plan();
  expect(
    plan.cells.map(({ os, evr, state, reason = '' }) => `${evr} ${os} ${state} ${reason}`.trim()),
  ).toEqual([
    '16.11.0-1 al2023 missing',
    '16.11.0-1 rocky9 missing waits for approval',
    '16.10.0-1 al2023 built',
    '16.10.0-1 rocky9 missing waits for approval',
  ]);
  expect(plan.awaitingApproval).toBe(2);
  expect(world.built).toEqual([]);
  // It was no first check.
  expect((await check()).started).toHaveLength(1);
});

test('what was removed from the mirror is not removed from the record', async () => {
  const world = new World();
  world.versions = ['16.11.0-1', '16.10.0-1'];
  const { line, check } = await setLine(world);
  await check();
  world.versions = [];
  await check();
  expect((await line.status()).cells).toHaveLength(4);
  world.versions = ['16.11.0-1', '16.10.0-1'];
  expect((await check()).started).toEqual([]);
});

test('a mirror that can’t be read fails the check and changes nothing', async () => {
  const world = new World();
  world.versions = ['16.11.0-1'];
  const { line, check } = await setLine(world);
  await check();
  world.mirrorFails = 'https://mirror.example: in the middle of a sync';
  await expect(check()).rejects.toMatchObject({ code: 'MirrorUnavailable' });
  const status = await line.status();
  expect(status.trouble).toContain('in the middle of a sync');
  expect(status.cells.map(({ state }) => state)).toEqual(['built', 'built']);
  world.mirrorFails = undefined;
  expect(await check()).toMatchObject({ started: [] });
  expect((await line.status()).trouble).toBeUndefined();
});

test('a tracker that can’t be written fails no image, is told, and is written whole at the next check', async () => {
  const world = new World({ tracker });
  world.versions = ['16.11.0-1'];
  world.trackerFails = 99;
  const { line, check } = await setLine(world);
  expect((await check()).failed).toEqual([]);
  await until(async () => (await line.status()).trackerTrouble || undefined);
  world.trackerFails = 0;
  await check();
  await until(() => world.tracked.length > 0 || undefined);
  expect(Object.keys(world.tracked.at(-1)?.built ?? {})).toHaveLength(2);
  await until(async () => (await line.status()).trackerTrouble === undefined || undefined);
});

test('a person builds what the first check left, and with rebuild what is there', async () => {
  const world = new World({ firstRunLimit: 0, deprecateAfter: '1d' });
  world.versions = ['16.11.0-1', '16.1.10-1', '16.1.1-1'];
  const { line, check } = await setLine(world);
  expect((await check()).awaitingApproval).toBe(6);
  const asked = await line.build({ versions: ['16.1.1'], os: ['al2023'] });
  expect(asked.started).toEqual([{ os: 'al2023', arch: 'x86_64', evr: '16.1.1-1' }]);
  const [first] = (await line.settled(asked.check)).built;
  expect(await line.build({ versions: ['16.1.1'], os: ['al2023'] })).toMatchObject({ started: [] });
  const again = await line.build({ versions: ['16.1.1'], os: ['al2023'], rebuild: true });
  const [second] = (await line.settled(again.check)).built;
  expect(second?.imageId).not.toBe(first?.imageId);
  expect(world.deprecated).toEqual([first?.imageId]);
  expect(world.built).toHaveLength(2);
});

test.each([
  [{ os: ['alma9'] }, /"alma9" is not one of the line’s; there are al2023, rocky9/],
  [{ versions: ['17.0.0'] }, /"17.0.0" is not one of the line’s; there are 16.11.0-1/],
  [{ arch: ['riscv'] }, /"riscv" is not one of the line’s; there are x86_64/],
])('a build of %j is refused, naming what there is', async (choice, message) => {
  const world = new World();
  world.versions = ['16.11.0-1'];
  const { line } = await setLine(world);
  await expect(line.build(choice)).rejects.toMatchObject({
    code: 'InvalidInput',
    message: expect.stringMatching(message) as string,
  });
  expect(world.built).toEqual([]);
});

test.each([
  ['check', { dryrun: true }, /dryrun=true is not known; allowed are setup, dryRun, approve/],
  ['check', { dryRun: 'yes' }, /dryRun: "yes" is not allowed/],
  ['build', { os: 'al2023' }, /os: "al2023" is not allowed/],
  ['seed', {}, /from/],
  ['settled', { check: 'last' }, /check: "last" is not allowed/],
])('the update %s with %j is refused at the door', async (update, request, message) => {
  const world = new World();
  const { line, client, check } = await setLine(world);
  await check();
  const handle = client.workflow.getHandle(line.workflowId);
  const failure = await handle
    .executeUpdate<unknown, [unknown]>(update, { args: [request] })
    .catch((error: unknown) => error);
  expect(failure).toMatchObject({ cause: { type: 'InvalidInput' } });
  expect(String((failure as Error).cause)).toMatch(message);
});

test('a line that is cancelled stops what it has begun', async () => {
  const world = new World();
  world.versions = ['16.11.0-1'];
  const { line, client } = await setLine(world);
  const key = (os: string) => `${world.spec.line}/dev/gitlab-runner/${os}/x86_64/16.11.0-1`;
  world.held.add(key('al2023'));
  await line.check();
  await until(() => world.built.length === 2 || undefined);
  await until(async () => cellOf(await line.status(), 'rocky9')?.state === 'built' || undefined);
  const handle = client.workflow.getHandle(line.workflowId);
  await handle.cancel();
  await handle.result().catch(() => undefined);
  expect((await handle.describe()).status.name).toBe('CANCELLED');
  expect(world.stopped).toEqual([key('al2023')]);
});

test('an image whose build a person has cancelled is held until it is released', async () => {
  const world = new World();
  world.versions = ['16.11.0-1'];
  const { line, client } = await setLine(world);
  const key = `${world.spec.line}/dev/gitlab-runner/al2023/x86_64/16.11.0-1`;
  world.held.add(key);
  const { check } = await line.check();
  await until(() => world.built.includes(key) || undefined);
  await client.workflow.getHandle(`image/${key}`).cancel();
  expect((await line.settled(check)).failed).toMatchObject([{ reason: 'its build was cancelled' }]);
  expect(world.stopped).toEqual([key]);
  world.held.clear();
  await line.release();
  await until(async () => cellOf(await line.status(), 'al2023')?.state === 'built' || undefined);
});

test('a line whose history grows large continues as new, and knows all that it knew', async () => {
  const world = new World({ firstRunLimit: 5 });
  world.versions = ['16.3.0-1', '16.2.0-1', '16.1.0-1'];
  world.failures.push({ part: 'rocky9/x86_64/16.3.0', times: 99, reason: 'dnf said no' });
  const { line, client, check } = await setLine(world);
  const before = await check();
  const status = await line.status();
  const { runId } = await client.workflow.getHandle(line.workflowId).describe();
  world.padding = 1_500_000;
  const runs = new Set([runId]);
  while (runs.size < 3) {
    await check();
    runs.add((await client.workflow.getHandle(line.workflowId).describe()).runId);
  }
  world.padding = 0;
  const after = await check();
  expect(after.check).toBeGreaterThan(before.check);
  expect(after).toMatchObject({ started: [], awaitingApproval: 1, held: 1 });
  expect((await line.status()).cells).toEqual(status.cells);
  expect(world.built.filter((key) => !key.includes('rocky9/x86_64/16.3.0'))).toHaveLength(4);
});

test('who waits for a check is answered although the line continues as new meanwhile', async () => {
  const world = new World({ attempts: { most: 2, delay: '1500ms', factor: 1 } });
  world.versions = ['16.3.0-1'];
  world.failures.push({ part: 'rocky9', times: 1, reason: 'dnf said no' });
  const { line, client, check } = await setLine(world);
  const waiting = check();
  await until(() => world.built.length === 2 || undefined);
  const handle = client.workflow.getHandle(line.workflowId);
  const { runId } = await handle.describe();
  world.padding = 1_500_000;
  while ((await handle.describe()).runId === runId) await line.check();
  world.padding = 0;
  expect((await waiting).built).toHaveLength(2);
});

test('a line that is none leaves no workflow behind, and whoever asks hears why', async () => {
  const world = new World();
  world.noLine = 'line: "runer" is not a line of images (did you mean runner?)';
  const { line, client } = await setLine(world);
  const asked = await Promise.allSettled([line.check(), line.check(), line.plan()]);
  for (const each of asked)
    expect(each).toMatchObject({ status: 'rejected', reason: { code: 'InvalidInput' } });
  expect(await line.status()).toMatchObject({ cells: [], trouble: world.noLine });
  await until(async () => {
    const { status } = await client.workflow.getHandle(line.workflowId).describe();
    return status.name === 'COMPLETED' || undefined;
  });
});

function cellOf({ cells }: LineStatus, os: string) {
  return cells.find((cell) => cell.os === os);
}
