import { afterEach, beforeEach, expect, test } from 'vitest';
import { SandboxAdmin } from '../admin-client.js';
import type { Sandbox } from '../index.js';
import { buildkiteSandbox, TestAgent, uuid } from './testing.js';

let sandbox: Sandbox;
let admin: SandboxAdmin;
let agent: TestAgent;

beforeEach(async () => {
  sandbox = await buildkiteSandbox({ jobs: [{ uuid }] });
  admin = new SandboxAdmin(sandbox.url);
  agent = await TestAgent.connect(sandbox);
  await agent.begin(uuid);
});
afterEach(() => sandbox.close());

const post = (path: string, body: unknown) => agent.call('POST', `/jobs/${uuid}/${path}`, { body });

test('meta-data is kept, and read again', async () => {
  expect((await post('data/set', { key: 'build', value: 'a:1' })).status).toBe(200);
  expect((await post('data/get', { key: 'build' })).json).toEqual({ key: 'build', value: 'a:1' });
  expect((await post('data/get', { key: 'other' })).status).toBe(404);
  expect((await post('data/exists', { key: 'build' })).json).toEqual({ exists: true });
  expect((await post('data/exists', { key: 'other' })).json).toEqual({ exists: false });
  expect((await post('data/set', { key: '', value: 'x' })).status).toBe(422);
  expect((await admin.buildkiteJob(uuid)).data).toEqual({ build: 'a:1' });
});

test('an annotation is written anew, or appended to, by its context', async () => {
  await post('annotations', { body: 'one', context: 'build', style: 'info' });
  await post('annotations', { body: ' two', context: 'build', append: true });
  await post('annotations', { body: 'other', style: 'error' });
  expect((await admin.buildkiteJob(uuid)).annotations).toMatchObject([
    { context: 'build', style: 'info', body: 'one two' },
    { context: 'default', style: 'error', body: 'other' },
  ]);
  await post('annotations', { body: 'new', context: 'build', style: 'success' });
  await agent.call('DELETE', `/jobs/${uuid}/annotations/default`);
  expect((await admin.buildkiteJob(uuid)).annotations).toMatchObject([
    { context: 'build', style: 'success', body: 'new' },
  ]);
});

test('an annotation without a body, too long, or of no known style is refused', async () => {
  expect((await post('annotations', { context: 'a' })).status).toBe(422);
  expect((await post('annotations', { body: 'x', style: 'loud' })).status).toBe(422);
  expect((await post('annotations', { body: 'x'.repeat(1_048_577) })).status).toBe(422);
  expect((await agent.call('DELETE', `/jobs/${uuid}/annotations/none`)).status).toBe(404);
  expect((await admin.buildkiteJob(uuid)).annotations).toEqual([]);
});
