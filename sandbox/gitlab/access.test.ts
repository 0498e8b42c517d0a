import { afterEach, describe, expect, test } from 'vitest';
import { SandboxAdmin } from '../admin-client.js';
import type { Sandbox } from '../index.js';
import { call, gitlabSandbox } from './testing.js';

let sandbox: Sandbox;
afterEach(() => sandbox.close());

const gitlab = {
  readToken: 'read-token',
  jobToken: 'job-token',
  triggerToken: 'trigger-token',
  projects: [{ id: 7, path: 'platform/images', pipelines: [{ jobs: [{ name: 'build' }] }] }],
};
const created = { json: { ref: 'main' } };

describe('who asks', () => {
  test('a wrong token is 401; none is 401 for a write and hides the project from a read', async () => {
    sandbox = await gitlabSandbox(gitlab);
    const wrong = { as: { 'PRIVATE-TOKEN': 'wrong' } };
    expect(await call(sandbox, 'GET', '/7/pipelines', wrong)).toMatchObject({
      status: 401,
      json: { message: '401 Unauthorized' },
    });
    expect((await call(sandbox, 'POST', '/7/pipeline', { ...created, as: {} })).status).toBe(401);
    expect(await call(sandbox, 'GET', '/7/pipelines', { as: {} })).toMatchObject({
      status: 404,
      json: { message: '404 Project Not Found' },
    });
  });

  test('a token that may only read is 403 for what changes something', async () => {
    sandbox = await gitlabSandbox(gitlab);
    const as = { 'PRIVATE-TOKEN': 'read-token' };
    expect((await call(sandbox, 'GET', '/7/pipelines', { as })).status).toBe(200);
    expect(await call(sandbox, 'POST', '/7/pipeline', { ...created, as })).toMatchObject({
      status: 403,
      json: { message: '403 Forbidden' },
    });
  });

  test('a bearer is an access token; a job token reads secure files, and starts nothing', async () => {
    sandbox = await gitlabSandbox(gitlab);
    const bearer = { as: { Authorization: 'Bearer gitlab-token' } };
    expect((await call(sandbox, 'GET', '/7/secure_files', bearer)).status).toBe(200);
    const job = { as: { 'JOB-TOKEN': 'job-token' } };
    expect((await call(sandbox, 'GET', '/7/secure_files', job)).status).toBe(200);
    expect((await call(sandbox, 'POST', '/7/pipeline', { ...created, ...job })).status).toBe(401);
  });

  test('another project is 404', async () => {
    sandbox = await gitlabSandbox(gitlab);
    expect((await call(sandbox, 'GET', '/8/pipelines')).status).toBe(404);
    expect((await call(sandbox, 'GET', '/platform%2Fimages/pipelines')).status).toBe(200);
  });
});

describe('rate limits', () => {
  test('a request too many is 429 with Retry-After and a reset in Unix time, until the minute is over', async () => {
    sandbox = await gitlabSandbox({ ...gitlab, requestsPerMinute: 2 });
    await call(sandbox, 'GET', '/7/pipelines');
    await call(sandbox, 'GET', '/7/pipelines');
    const { status, headers, text } = await call(sandbox, 'GET', '/7/pipelines');
    expect([status, text]).toEqual([429, 'Retry later\n']);
    const wait = Number(headers.get('retry-after'));
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(60);
    expect(Number(headers.get('ratelimit-reset'))).toBeGreaterThan(1_700_000_000);
    sandbox.clock.skip(wait);
    expect((await call(sandbox, 'GET', '/7/pipelines')).status).toBe(200);
  });

  test('a pipeline too many of a minute is 400, or 429 where the fleet says so', async () => {
    sandbox = await gitlabSandbox({ ...gitlab, creationsPerMinute: 1 });
    const base = ['Too many pipelines created in the last minute. Try again later.'];
    expect((await call(sandbox, 'POST', '/7/pipeline', created)).status).toBe(201);
    expect(await call(sandbox, 'POST', '/7/pipeline', created)).toMatchObject({
      status: 400,
      json: { message: { base } },
    });
    await sandbox.close();
    sandbox = await gitlabSandbox({ ...gitlab, creationsPerMinute: 1, creationRefusal: 429 });
    await call(sandbox, 'POST', '/7/pipeline', created);
    const second = await call(sandbox, 'POST', '/7/pipeline', created);
    expect(second.status).toBe(429);
    expect(second.headers.get('retry-after')).toMatch(/^\d+$/);
  });

  test('a throttling fault is told in GitLab’s way; the ledger records calls and who was refused', async () => {
    sandbox = await gitlabSandbox(gitlab);
    sandbox.faults.set([{ kind: 'throttle', service: 'gitlab', share: 1 }]);
    const { status, headers } = await call(sandbox, 'GET', '/7/pipelines');
    expect([status, headers.get('retry-after')]).toEqual([429, '1']);
    sandbox.faults.clear();
    await call(sandbox, 'POST', '/7/pipeline', created);
    const ledger = await new SandboxAdmin(sandbox.url).ledger({ service: 'gitlab' });
    expect(ledger.map(({ action, outcome, effective }) => [action, outcome, effective])).toEqual([
      ['ListPipelines', 'throttled', false],
      ['CreatePipeline', 'ok', true],
    ]);
  });
});
