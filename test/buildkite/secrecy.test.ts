import { inspect } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { AgentApi, type AgentSession, StacksApi } from '../../src/buildkite/index.js';
import { jobId, noWaiting, refusalOf, registration, sessionAt } from './support/calls.js';
import { FakeServer, type Reply } from './support/fake-server.js';

let server: FakeServer;
afterEach(() => server.close());

const tokens = {
  registration: 'bkct_secret-of-the-cluster',
  access: 'secret-of-the-agent',
  job: 'secret/of+the job"'.replaceAll(' ', '-'),
};
const job = { id: jobId, token: tokens.job };
const at = new Date('2026-03-04T05:06:07.890Z');

/** All that a log, a history or a person could see of an error. */
function shown(error: unknown): string {
  if (!(error instanceof Error)) throw new Error('an error was expected');
  return [
    String(error),
    error.message,
    error.stack,
    inspect(error, { depth: 10, showHidden: true }),
    inspect(error.cause, { depth: 10, showHidden: true }),
    JSON.stringify(error),
    JSON.stringify(Object.getOwnPropertyDescriptors(error)),
  ].join('\n');
}

const calls: ((agents: AgentApi, session: AgentSession, stacks: StacksApi) => Promise<unknown>)[] =
  [
    (agents) => agents.register(tokens.registration, registration),
    (agents, session) => agents.connect(session),
    (agents, session) => agents.disconnect(session),
    (agents, session) => agents.ping(session),
    (agents, session) => agents.heartbeat(session),
    (agents, session) => agents.acquireJob(session, jobId),
    (agents, session) => agents.acceptJob(session, jobId),
    (agents, session) => agents.startJob(session, job, at),
    (agents, session) => agents.jobState(session, job),
    (agents, session) =>
      agents.uploadChunk(session, job, {
        sequence: 1,
        offset: 0,
        bytes: Buffer.of(1),
        isFull: true,
      }),
    (agents, session) => agents.finishJob(session, job, { exitStatus: 0, finishedAt: at }),
    (agents, session) => agents.setData(session, job, { key: 'k', value: 'v' }),
    (agents, session) => agents.annotate(session, job, { body: 'b' }),
    (_agents, _session, stacks) => stacks.register({ key: 'k', queue: 'q' }),
    (_agents, _session, stacks) => stacks.scheduledJobs('k', { queue: 'q' }),
    (_agents, _session, stacks) => stacks.reserve('k', [jobId]),
    (_agents, _session, stacks) => stacks.job('k', jobId),
    (_agents, _session, stacks) => stacks.states('k', [jobId]),
    (_agents, _session, stacks) => stacks.finish('k', jobId, { exitStatus: 1, detail: 'd' }),
    (_agents, _session, stacks) => stacks.notify('k', [{ jobId, detail: 'd' }]),
    (_agents, _session, stacks) => stacks.deregister('k'),
  ];

async function errorsAt(endpoint: string, broken = ''): Promise<string[]> {
  const agents = new AgentApi({ endpoint, ...noWaiting() });
  const stacks = new StacksApi({ endpoint, token: tokens.registration + broken, ...noWaiting() });
  const session = sessionAt(endpoint, { accessToken: tokens.access + broken });
  const errors: string[] = [];
  for (const call of calls) errors.push(shown(await refusalOf(call(agents, session, stacks))));
  return errors;
}

function expectNone(errors: string[]) {
  expect(errors).toHaveLength(calls.length);
  for (const error of errors) {
    for (const token of Object.values(tokens)) {
      expect(error).not.toContain(token);
      expect(error).not.toContain(encodeURIComponent(token));
    }
  }
}

test.each<[string, Reply]>([
  [
    'a server that repeats the token in its refusal',
    {
      status: 500,
      json: { message: `not with ${Object.values(tokens).join(' or ')} or else` },
    },
  ],
  ['an answer that is lost', 'lost'],
])('no token appears in an error: %s', async (_what, reply) => {
  server = await FakeServer.start(reply);
  if (reply === 'lost') {
    expectNone(await errorsAt(server.endpoint));
    return;
  }
  // A server can repeat what it was shown; what it wasn't, it can't know.
  const agents = new AgentApi({ endpoint: server.endpoint, ...noWaiting() });
  const session = sessionAt(server.endpoint, { accessToken: tokens.access });
  const connect = shown(await refusalOf(agents.connect(session)));
  expect(connect).toContain('[redacted]');
  expect(connect).not.toContain(tokens.access);
  expect(shown(await refusalOf(agents.startJob(session, job, at)))).not.toContain(tokens.job);
});

test('no token appears in an error: nobody listens', async () => {
  server = await FakeServer.start();
  const { endpoint } = server;
  await server.close();
  const errors = await errorsAt(endpoint);
  expectNone(errors);
  expect(errors[0]).toContain('ECONNREFUSED');
});

test('no token appears in an error: an endpoint that is no URL, or has a password', async () => {
  server = await FakeServer.start();
  for (const endpoint of ['nowhere', 'http://user:hunter2@127.0.0.1:1/v3']) {
    const errors = await errorsAt(endpoint);
    expectNone(errors);
    for (const error of errors) expect(error).not.toContain('hunter2');
  }
});

test('no token appears in an error: answers with tokens that are otherwise broken', async () => {
  server = await FakeServer.start({
    json: { id: 7, access_token: tokens.access, job: { id: 7, token: tokens.job }, token: 3 },
  });
  const agents = new AgentApi({ endpoint: server.endpoint, ...noWaiting() });
  const error = shown(await refusalOf(agents.register(tokens.registration, registration)));
  expect(error).toContain('id: ');
  for (const token of Object.values(tokens)) expect(error).not.toContain(token);
});

test('a token with a line break is refused without being shown, and without being tried again', async () => {
  server = await FakeServer.start({});
  const agents = new AgentApi({ endpoint: server.endpoint, ...noWaiting() });
  const error = await refusalOf(agents.register(`${tokens.registration}\n`, registration));
  expect(error.retryable).toBe(false);
  expect(shown(error)).not.toContain(tokens.registration);
  expect(server.seen).toHaveLength(0);
});

test('the clients show no token when they are logged', async () => {
  server = await FakeServer.start();
  const stacks = new StacksApi({ endpoint: server.endpoint, token: tokens.registration });
  expect(inspect(stacks, { depth: 10, showHidden: true })).not.toContain(tokens.registration);
  expect(JSON.stringify(stacks)).not.toContain(tokens.registration);
});
