import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { SandboxAdmin } from '../../admin-client.js';
import type { FleetInput } from '../../fleet/schema.js';
import type { Sandbox } from '../../index.js';
import { call, gitlabSandbox } from '../testing.js';

let sandbox: Sandbox;
afterEach(() => sandbox.close());

type Gitlab = NonNullable<FleetInput['gitlab']>;
type Pipelines = NonNullable<NonNullable<Gitlab['projects']>[number]['pipelines']>;

async function start(...pipelines: Pipelines): Promise<void> {
  sandbox = await gitlabSandbox({
    triggerToken: 'trigger-token',
    projects: [{ id: 7, path: 'platform/images', pipelines }],
  });
}

const create = (variables: Record<string, string> = {}) =>
  call(sandbox, 'POST', '/7/pipeline', {
    json: {
      ref: 'main',
      variables: Object.entries(variables).map(([key, value]) => ({ key, value })),
    },
  });

const get = async (path: string) => (await call(sandbox, 'GET', `/7${path}`)).json;
const partSchema = z.object({ id: z.number(), name: z.string(), status: z.string() });
const statusOf = async (id: number) =>
  z.object({ status: z.string() }).parse(await get(`/pipelines/${id}`)).status;
const statusesOf = async (id: number, kind = 'jobs') =>
  Object.fromEntries(
    z
      .array(partSchema)
      .parse(await get(`/pipelines/${id}/${kind}`))
      .map(({ name, status }) => [name, status]),
  );

const two = [
  { name: 'build', stage: 'build', seconds: 60 },
  { name: 'check', stage: 'test', seconds: 30 },
];

describe('a pipeline', () => {
  test('is pending, runs stage after stage, and succeeds', async () => {
    await start({ seconds: 5, jobs: two });
    expect(await create()).toMatchObject({
      status: 201,
      json: { id: 1, iid: 1, project_id: 7, ref: 'main', status: 'pending', source: 'api' },
    });
    sandbox.clock.skip(6);
    expect(await statusOf(1)).toBe('running');
    expect(await statusesOf(1)).toEqual({ build: 'running', check: 'created' });
    sandbox.clock.skip(60);
    expect(await statusesOf(1)).toEqual({ build: 'success', check: 'running' });
    sandbox.clock.skip(30);
    expect(await get('/pipelines/1')).toMatchObject({ status: 'success', duration: 90 });
  });

  test('fails with a job, skips later stages, and runs the failed ones again when it is retried', async () => {
    await start({ jobs: [{ ...two[0]!, fail: { times: 1 } }, two[1]!] });
    await create();
    sandbox.clock.skip(100);
    expect(await statusOf(1)).toBe('failed');
    expect(await statusesOf(1)).toEqual({ build: 'failed', check: 'skipped' });
    expect((await call(sandbox, 'POST', '/7/pipelines/1/retry')).status).toBe(201);
    sandbox.clock.skip(100);
    expect(await statusOf(1)).toBe('success');
    const all = z.array(partSchema).parse(await get('/pipelines/1/jobs?include_retried=true'));
    expect(all).toHaveLength(3);
  });

  test('succeeds though a job fails that is allowed to', async () => {
    await start({ jobs: [{ ...two[0]!, allowFailure: true, fail: {} }, two[1]!] });
    await create();
    sandbox.clock.skip(100);
    expect(await statusOf(1)).toBe('success');
    expect(await get('/jobs/1')).toMatchObject({
      status: 'failed',
      allow_failure: true,
      failure_reason: 'script_failure',
    });
  });

  test('is blocked by a manual job until it is played; an optional one does not block', async () => {
    await start({
      jobs: [
        { ...two[0]!, manual: true },
        { ...two[1]!, manual: true, allowFailure: true },
      ],
    });
    await create();
    sandbox.clock.skip(10);
    expect(await statusOf(1)).toBe('manual');
    expect((await call(sandbox, 'POST', '/7/jobs/1/play')).status).toBe(200);
    expect((await call(sandbox, 'POST', '/7/jobs/1/play')).status).toBe(400);
    sandbox.clock.skip(61);
    expect(await statusOf(1)).toBe('success');
  });

  test('that is cancelled ends with its children', async () => {
    await start({ children: [{ name: 'child', pipeline: { jobs: [two[0]!] } }] });
    await create();
    sandbox.clock.skip(10);
    await call(sandbox, 'POST', '/7/pipelines/1/cancel');
    expect([await statusOf(1), await statusOf(2)]).toEqual(['canceled', 'canceled']);
  });

  test('goes as the first behaviour says that its variables fit; none is refused', async () => {
    await start(
      { when: { OS: 'al2' }, jobs: [{ name: 'old', seconds: 1 }] },
      { when: { OS: 'al2023' }, jobs: [{ name: 'new', seconds: 1 }] },
    );
    await create({ OS: 'al2023' });
    expect(await statusesOf(1)).toHaveProperty('new');
    expect((await create()).status).toBe(400);
  });
});

describe('child pipelines', () => {
  test('show in their parent’s bridges, and in lists only when they are asked for', async () => {
    await start({
      children: [
        { name: 'waits', pipeline: { jobs: [{ ...two[0]!, fail: {} }] } },
        { name: 'goes on', depend: false, pipeline: { jobs: [two[0]!] } },
      ],
    });
    await create();
    sandbox.clock.skip(10);
    expect(await statusesOf(1, 'bridges')).toEqual({ waits: 'running', 'goes on': 'success' });
    const ids = async (query: string) =>
      z
        .array(z.object({ id: z.number() }))
        .parse(await get(`/pipelines${query}`))
        .map(({ id }) => id);
    expect(await ids('')).toEqual([1]);
    expect(await ids('?source=parent_pipeline')).toEqual([3, 2]);
    expect(await ids('?source=api&sort=asc')).toEqual([1]);
    expect(await ids('?ref=other')).toEqual([]);
    sandbox.clock.skip(100);
    expect(await statusOf(1)).toBe('failed');
    const shown = z
      .array(z.object({ downstream_pipeline: z.object({ id: z.number() }) }))
      .parse(await get('/pipelines/1/bridges'));
    expect(shown.map((bridge) => bridge.downstream_pipeline.id)).toEqual([3, 2]);
  });
});

describe('lists of pipelines', () => {
  test('are the newest first, by what was updated or created when', async () => {
    await start({ jobs: [two[1]!] });
    await create();
    sandbox.clock.skip(3600);
    const between = encodeURIComponent(sandbox.clock.iso());
    sandbox.clock.skip(10);
    await create();
    const ids = async (query: string) =>
      z
        .array(z.object({ id: z.number() }))
        .parse(await get(`/pipelines?${query}`))
        .map(({ id }) => id);
    expect(await ids('')).toEqual([2, 1]);
    expect(await ids(`updated_after=${between}`)).toEqual([2]);
    expect(await ids(`created_before=${between}`)).toEqual([1]);
    expect(await ids('order_by=updated_at&sort=asc')).toEqual([1, 2]);
    expect((await call(sandbox, 'GET', '/7/pipelines?source=nobody')).status).toBe(400);
  });
});

describe('triggers', () => {
  test('start a pipeline with a trigger token, as JSON or as a form; another token is 404', async () => {
    await start({ jobs: [two[0]!] });
    const json = { ref: 'main', token: 'trigger-token', variables: { KEY: 'one' } };
    const path = '/7/trigger/pipeline';
    expect(await call(sandbox, 'POST', path, { as: {}, json })).toMatchObject({
      status: 201,
      json: { source: 'trigger' },
    });
    const form = new URLSearchParams({
      ref: 'main',
      token: 'trigger-token',
      'variables[KEY]': 'two',
    });
    await call(sandbox, 'POST', path, { as: {}, form });
    expect(await get('/pipelines/2/variables')).toMatchObject([
      { key: 'KEY', value: 'two', variable_type: 'env_var' },
      { key: 'TRIGGER_PAYLOAD', variable_type: 'file' },
    ]);
    const wrong = { ...json, token: 'wrong' };
    expect((await call(sandbox, 'POST', path, { as: {}, json: wrong })).status).toBe(404);
    expect(await call(sandbox, 'POST', path, { as: {}, json: { token: 'x' } })).toMatchObject({
      status: 400,
      json: { error: 'ref is missing' },
    });
  });
});

describe('jobs', () => {
  test('have a log that grows, and artifacts once they have succeeded', async () => {
    const job = {
      ...two[0]!,
      logLines: 6,
      log: ['made $KEY'],
      artifacts: { 'out/key.txt': '${KEY}!' },
    };
    await start({ seconds: 0, jobs: [job] });
    await create({ KEY: 'k-1' });
    const trace = async () => (await call(sandbox, 'GET', '/7/jobs/1/trace')).text;
    const sizes = [(await trace()).length];
    sandbox.clock.skip(30);
    const half = await trace();
    expect((await call(sandbox, 'GET', '/7/jobs/1/artifacts/out/key.txt')).status).toBe(404);
    sandbox.clock.skip(31);
    const whole = await trace();
    sizes.push(half.length, whole.length);
    expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
    expect(new Set(sizes).size).toBe(3);
    expect(whole.startsWith(half)).toBe(true);
    expect(whole).toMatch(/made k-1\nJob succeeded\n$/);
    expect((await call(sandbox, 'GET', '/7/jobs/1/artifacts/out/key.txt')).text).toBe('k-1!');
  });

  test('make an image in EC2 and say so in Packer’s manifest', async () => {
    const image = {
      account: 'dev-1',
      region: 'us-east-1',
      name: 'runner-$OS',
      tags: { 'nightshift:key': '$KEY' },
    };
    await start({ jobs: [{ name: 'packer', seconds: 1, image }] });
    await create({ OS: 'al2023', KEY: 'k-1' });
    sandbox.clock.skip(5);
    const manifest = await call(sandbox, 'GET', '/7/jobs/1/artifacts/manifest.json');
    const [made] = await new SandboxAdmin(sandbox.url).images();
    expect(made).toMatchObject({ name: 'runner-al2023', tags: { 'nightshift:key': 'k-1' } });
    expect(JSON.parse(manifest.text)).toMatchObject({
      builds: [{ artifact_id: `us-east-1:${made?.id}`, packer_run_uuid: 'run-1' }],
      last_run_uuid: 'run-1',
    });
    expect((await call(sandbox, 'GET', '/7/jobs/1/trace')).text).toContain(
      `NIGHTSHIFT_MANIFEST ${manifest.text}\n`,
    );
  });

  test('fail as often as they are to, for each value of a variable', async () => {
    const fail = { times: 1, per: 'KEY' };
    await start({ jobs: [{ name: 'packer', seconds: 1, fail }] });
    for (const KEY of ['a', 'b', 'a']) await create({ KEY });
    sandbox.clock.skip(5);
    const pipelines = await new SandboxAdmin(sandbox.url).gitlabPipelines();
    expect(pipelines.map(({ status }) => status)).toEqual(['failed', 'failed', 'success']);
  });
});
