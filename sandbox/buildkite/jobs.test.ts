import { afterEach, expect, test } from 'vitest';
import { SandboxAdmin } from '../admin-client.js';
import type { Sandbox } from '../index.js';
import { buildkiteSandbox, TestAgent, uuid } from './testing.js';

let sandbox: Sandbox;
afterEach(() => sandbox.close());

test('a job is acquired, started, logged and finished by its agent', async () => {
  sandbox = await buildkiteSandbox({ jobs: [{ uuid, command: 'make' }] });
  const admin = new SandboxAdmin(sandbox.url);
  const agent = await TestAgent.connect(sandbox, { ignore_in_dispatches: true });
  const acquired = await agent.acquire(uuid);
  expect(acquired).toMatchObject({
    status: 200,
    json: {
      id: uuid,
      state: 'accepted',
      env: { BUILDKITE_COMMAND: 'make', BUILDKITE_AGENT_ID: agent.id },
      chunks_max_size_bytes: 102_400,
    },
  });
  expect((await agent.start(uuid)).status).toBe(200);
  expect((await agent.state(uuid)).json).toEqual({ id: uuid, state: 'running' });
  expect((await agent.chunk(uuid, 1, 0, 'hello\n')).status).toBe(200);
  expect((await agent.finish(uuid, { exit_status: '3' })).status).toBe(200);
  expect(await admin.buildkiteJob(uuid)).toMatchObject({
    state: 'finished',
    exitStatus: '3',
    endedBy: 'agent',
    agent: agent.id,
    bytesAtFinish: 6,
    log: { bytes: 6, chunks: 1, repeats: 0, conflicts: 0, gaps: [] },
    refusals: [],
  });
  expect(await admin.buildkiteJobLog(uuid)).toBe('hello\n');
});
