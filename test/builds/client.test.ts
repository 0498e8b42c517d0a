import { randomUUID } from 'node:crypto';
import { describe, expect, inject, test } from 'vitest';
import { NightshiftClient } from '../../src/client/index.js';
import { effective } from './calls.js';
import { digestOf, textOf, truthOf } from './logs.js';
import { behaving, request, sharedStage, until } from './scenario.js';

const stage = sharedStage();
const endless = { ...request, ...behaving({ phases: { BUILD: 3_000 }, log: { everySeconds: 5 } }) };
const nameOf = () => `build-${randomUUID()}`;

async function buildsOf(workflowId: string): Promise<string[]> {
  const builds = await stage().admin.builds();
  return builds
    .filter(({ env }) => env['NIGHTSHIFT_BUILD']?.value === workflowId)
    .map(({ id }) => id);
}

describe('a build whose workflow has ended', () => {
  test('has its result, its start and its log, for whoever comes later', async () => {
    const { nightshift, admin } = stage();
    const workflowId = nameOf();
    const { buildId } = await (await nightshift.builds.run(request, { workflowId })).result();
    const build = await nightshift.builds.get(workflowId);
    expect(await build.result()).toMatchObject({ workflowId, buildId, status: 'SUCCEEDED' });
    expect(await build.started()).toMatchObject({ buildId });
    expect(await build.status()).toMatchObject({ buildId, status: 'SUCCEEDED' });
    expect(digestOf(await textOf(build))).toEqual(await truthOf(admin, buildId));
  });

  test('is not stopped any more', async () => {
    const { nightshift, admin } = stage();
    const workflowId = nameOf();
    await (await nightshift.builds.run(request, { workflowId })).result();
    const stops = await effective(admin, 'StopBuild');
    await (await nightshift.builds.get(workflowId)).stop();
    expect(await effective(admin, 'StopBuild')).toBe(stops);
  });

  test('leaves its name to the next', async () => {
    const { nightshift } = stage();
    const workflowId = nameOf();
    const first = await (await nightshift.builds.run(request, { workflowId })).result();
    const second = await (await nightshift.builds.run(request, { workflowId })).result();
    expect(second.buildId).not.toBe(first.buildId);
    expect(await buildsOf(workflowId)).toEqual([first.buildId, second.buildId]);
  });
});

describe('a build that has a name', () => {
  test('is joined by whoever asks for it while it goes on', async () => {
    const { nightshift } = stage();
    const workflowId = nameOf();
    const [first, second] = await Promise.all([
      nightshift.builds.run(endless, { workflowId }),
      nightshift.builds.run(endless, { workflowId }),
    ]);
    const { buildId } = await first.started();
    expect((await second.started()).buildId).toBe(buildId);
    await second.stop('one of us');
    expect(await first.result()).toEqual(await second.result());
    expect(await buildsOf(workflowId)).toEqual([buildId]);
  });

  test('is found by it while it goes on', async () => {
    const { nightshift } = stage();
    const workflowId = nameOf();
    await nightshift.builds.run(endless, { workflowId });
    const build = await nightshift.builds.get(workflowId);
    expect(build.workflowId).toBe(workflowId);
    await build.started();
    await build.stop();
    expect((await build.result()).status).toBe('STOPPED');
  });

  test('is listed with the others, the newest first', async () => {
    const { nightshift } = stage();
    const workflowId = nameOf();
    await (await nightshift.builds.run(request, { workflowId })).result();
    const listed = await until(async () => {
      for await (const build of nightshift.builds.list())
        if (build.workflowId === workflowId && build.status === 'COMPLETED') return build;
      return undefined;
    });
    expect(Date.parse(listed.endedAt ?? '')).toBeGreaterThan(Date.parse(listed.startedAt));
  });
});

describe('a build that can’t be started', () => {
  const missing = { ...request, project: 'nope' };

  test('says why, to whoever waits for its start or its result', async () => {
    const build = await stage().nightshift.builds.run(missing);
    const why = {
      code: 'AwsRefused',
      message: expect.stringMatching(
        /a build of nope can’t be started: ResourceNotFoundException: Project cannot be found/,
      ) as string,
    };
    await expect(build.started()).rejects.toMatchObject(why);
    await expect(build.result()).rejects.toMatchObject(why);
  });

  test('has a log without a line', async () => {
    expect(await textOf(await stage().nightshift.builds.run(missing))).toBe('');
  });
});

describe('the log of a build', () => {
  test('comes with the build and the phase that it is of', async () => {
    const { nightshift } = stage();
    const build = await nightshift.builds.run(request);
    const { buildId } = await build.started();
    const phases = new Set<string>();
    for await (const page of build.logs()) {
      expect(page.buildId).toBe(buildId);
      phases.add(page.phase ?? '');
    }
    expect(phases).toContain('COMPLETED');
  });

  test('is left in the middle by whoever has heard enough', async () => {
    const { nightshift, admin } = stage();
    const build = await nightshift.builds.run(endless);
    const { buildId } = await build.started();
    for await (const { events } of build.logs()) if (events.length > 0) break;
    const [running] = (await admin.builds()).filter(({ id }) => id === buildId);
    expect(running?.status).toBe('IN_PROGRESS');
    await build.stop();
    await build.result();
  });

  test('is left at once by a signal, however long nothing comes', async () => {
    const { nightshift } = stage();
    const quiet = behaving({ phases: { BUILD: 3_000 }, log: { lines: 0 } });
    const build = await nightshift.builds.run({ ...request, ...quiet });
    const leaving = new AbortController();
    let leftAt = Infinity;
    for await (const { events } of build.logs({ signal: leaving.signal })) {
      if (!events.some(({ message }) => message.includes('Running command'))) continue;
      // Nothing follows: the next look waits for it.
      setTimeout(() => {
        leftAt = Date.now();
        leaving.abort();
      }, 200);
    }
    expect(Date.now() - leftAt, 'a look waits for twenty seconds').toBeLessThan(15_000);
    await build.stop();
    await build.result();
  });

  test('ends with the client', async () => {
    const { taskQueue, nightshift } = stage();
    const address = inject('temporalAddress');
    const server = { address, namespace: 'default', connectionOptions: { address } };
    const client = await NightshiftClient.connect({ server, taskQueue });
    const build = await client.builds.run(endless);
    await build.started();
    const read = textOf(build).catch((error: unknown) => error);
    await client.close();
    expect(await read).toBeInstanceOf(Error);
    const again = await nightshift.builds.get(build.workflowId ?? '');
    await again.stop();
    await again.result();
  });
});
