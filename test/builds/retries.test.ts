import { expect, test } from 'vitest';
import { account, project, region, setStage } from './scenario.js';

const request = { account: account.name, region, project };

/** A project whose builds fail so, so many times. */
function failing(kind: string, more: object = {}, times = 1) {
  const behaviour = { fail: { phase: 'BUILD', kind, times, ...more } };
  return { projects: [{ account: account.name, region, name: project, behaviour }] } as object;
}

const retry = { attempts: 3, delay: '50ms' };

test.each(['fault', 'provisioning', 'queueTimeout'])(
  'a build that failed for CodeBuild’s own reason (%s) is started again, and the result says why',
  async (kind) => {
    const { nightshift, admin } = await setStage({
      fleet: failing(kind, kind === 'fault' ? {} : { phase: undefined }),
      speed: kind === 'queueTimeout' ? 2_000 : 50,
    });
    const result = await (await nightshift.builds.run({ ...request, retry })).result();
    expect(result.status).toBe('SUCCEEDED');
    expect(result.earlier).toHaveLength(1);
    expect(result.earlier[0]?.reason).toMatch(/fault|machine|queue/);
    expect(result.earlier[0]?.buildId).not.toBe(result.buildId);
    expect(await admin.builds({ project })).toHaveLength(2);
  },
);

test('infrastructure that goes on failing is given up after the attempts that are allowed', async () => {
  const { nightshift, admin } = await setStage({ fleet: failing('fault', {}, 100) });
  const result = await (await nightshift.builds.run({ ...request, retry })).result();
  expect(result).toMatchObject({ status: 'FAULT' });
  expect(result.earlier).toHaveLength(2);
  expect(await admin.builds({ project })).toHaveLength(3);
});

test('a command that failed is never run again, and its exit status is told', async () => {
  const { nightshift, admin } = await setStage({ fleet: failing('command', { exitStatus: 42 }) });
  const result = await (await nightshift.builds.run({ ...request, retry })).result();
  expect(result).toMatchObject({ status: 'FAILED', exitStatus: 42, earlier: [] });
  expect(await admin.builds({ project })).toHaveLength(1);
});

test('CodeBuild’s own retries are followed to the last of them, and told', async () => {
  const behaviour = { fail: { phase: 'BUILD', kind: 'command', exitStatus: 1, times: 2 } } as const;
  const own = { account: account.name, region, name: project, autoRetryLimit: 3, behaviour };
  const { nightshift, admin } = await setStage({ fleet: { projects: [own] } });
  const build = await nightshift.builds.run(request);
  let text = '';
  for await (const { events } of build.logs()) for (const { message } of events) text += message;
  const result = await build.result();
  expect(result).toMatchObject({ status: 'SUCCEEDED' });
  expect(result.earlier.map(({ status, reason }) => ({ status, reason }))).toEqual([
    { status: 'FAILED', reason: 'CodeBuild retried it' },
    { status: 'FAILED', reason: 'CodeBuild retried it' },
  ]);
  const ids = [...result.earlier.map(({ buildId }) => buildId), result.buildId];
  const logs = await Promise.all(ids.map((id) => admin.buildLog(id, { text: true })));
  expect(text).toBe(logs.map((log) => log.text).join(''));
  const ledger = await admin.ledger({ action: 'StartBuild', effective: true });
  expect(ledger).toHaveLength(1);
});
