import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import type { AdminLedgerEntry } from '../../sandbox/admin/schema.js';
import type { JobResult } from '../../src/client/index.js';
import { account, region, until } from '../builds/scenario.js';
import { type JobsStage, project, setBuildkiteStage } from './scenario.js';

type Truth = Awaited<ReturnType<JobsStage['admin']['buildkiteJob']>>;
type Build = Awaited<ReturnType<JobsStage['admin']['builds']>>[number];

const output = 'for i in 1 2 3 4 5 6 7 8 9; do echo "line $i of the job, with a 🌙"; done';

describe.each(['agent', 'stacks'] as const)('the life of a job that intake %s found', (intake) => {
  const uuid = randomUUID();
  const token = `/nightshift/buildkite/jobs/${uuid}`;
  let result: JobResult;
  let job: Truth;
  let build: Build;
  let text: string;
  let log: Awaited<ReturnType<JobsStage['admin']['buildLog']>>;
  let ledger: AdminLedgerEntry[];
  let agentName: string | undefined;
  let hasToken: boolean;
  let queue: string;

  beforeAll(async () => {
    const env = { GREETING: 'from the job', WITH_LINES: 'a\n"b" $c\n', EMPTY: '' };
    const command = `${output}; echo "$GREETING/$OF_QUEUE/$BUILDKITE_AGENT_ACCESS_TOKEN"; exit 3`;
    const stage = await setBuildkiteStage({
      intake,
      jobs: [{ uuid, command, env }],
      queueConfig: { env: { OF_QUEUE: 'from the queue', GREETING: 'overruled' } },
      fleetBuildkite: { chunkBytes: 100 },
    });
    const { nightshift, admin, config, sandbox } = stage;
    await nightshift.buildkite.serve({ config });
    result = await stage.ended(uuid);
    job = await admin.buildkiteJob(uuid);
    text = await admin.buildkiteJobLog(uuid);
    build = (await admin.builds())[0]!;
    log = await admin.buildLog(build.id);
    // A farewell comes after the end.
    await until(async () =>
      (await admin.ledger({ action: 'Disconnect' })).length > 0 ? true : undefined,
    );
    ledger = await admin.ledger();
    queue = stage.queue;
    const agents = await admin.buildkiteAgents();
    agentName = agents.find(({ id }) => id === job.agent)?.name;
    hasToken = sandbox.services.ssm.target(account.id, region).has(token);
  });

  test('is told to Buildkite as its command ended', () => {
    expect(job).toMatchObject({ state: 'finished', exitStatus: '3', endedBy: 'agent' });
    expect(job).toMatchObject({ chunksFailedCount: 0, refusals: [] });
    expect(job.signalReason).toBeUndefined();
    expect(result).toMatchObject({ jobId: uuid, queue, outcome: 'finished', exitStatus: 3 });
    expect(result.build).toMatchObject({ buildId: build.id, status: 'FAILED' });
  });

  test('has these calls, in this order', () => {
    const calls = ledger
      .filter(({ service, action }) => service === 'buildkite' || action === 'StartBuild')
      // Another agent asks for the next job at the same time.
      .filter(
        ({ action, subject }) => !/^(Register|Connect)$/.test(action) || subject === job.agent,
      )
      .map(({ action }) => action)
      .filter((action) => !['Ping', 'Heartbeat', 'GetJobState', 'SetData'].includes(action));
    const once = calls.filter((action, index) => action !== calls[index - 1]);
    const found = intake === 'agent' ? ['Register', 'Connect', 'AcceptJob'] : ['AcquireJob'];
    const begun = once.indexOf(found.at(-1)!);
    expect(once.slice(begun - found.length + 1, begun + 1)).toEqual(found);
    expect(once.slice(begun)).toEqual(
      expect.arrayContaining([found.at(-1), 'StartJob', 'StartBuild', 'UploadChunk', 'FinishJob']),
    );
    const order = ['StartJob', 'StartBuild', 'UploadChunk', 'FinishJob', 'Disconnect'];
    const places = order.map((action) => once.lastIndexOf(action));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places[0]).toBeGreaterThan(begun);
    for (const action of ['StartJob', 'StartBuild', 'FinishJob'])
      expect(
        calls.filter((call) => call === action),
        action,
      ).toHaveLength(1);
  });

  test('has one build, with every variable of the job', () => {
    expect(
      ledger.filter(({ action, effective }) => action === 'StartBuild' && effective),
    ).toHaveLength(1);
    const plain = (value: string) => ({ value, type: 'PLAINTEXT' });
    expect(build.env).toMatchObject({
      GREETING: plain('from the job'),
      WITH_LINES: plain('a\n"b" $c\n'),
      EMPTY: plain(''),
      OF_QUEUE: plain('from the queue'),
      BUILDKITE_BRANCH: plain('main'),
      BUILDKITE_BUILD_NUMBER: plain('1'),
      BUILDKITE_JOB_ID: plain(uuid),
      BUILDKITE_AGENT_ID: plain(job.agent ?? ''),
      BUILDKITE_AGENT_NAME: plain(agentName ?? ''),
      BUILDKITE_AGENT_META_DATA_QUEUE: plain(queue),
      NIGHTSHIFT_BUILD: plain(`buildkite-job/${uuid}/build`),
    });
    expect(build.env['BUILDKITE_COMMAND']?.value).toContain(output);
    expect(build.env['BUILDKITE_AGENT_ENDPOINT']?.value).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v3$/);
    expect(build).toMatchObject({ account: account.id, region, project, exit: 3 });
  });

  test('has its access token by the name of a parameter alone, which is gone afterwards', () => {
    expect(build.env['BUILDKITE_AGENT_ACCESS_TOKEN']).toEqual({
      value: token,
      type: 'PARAMETER_STORE',
    });
    const of = (action: string) =>
      ledger.filter((entry) => entry.action === action && entry.subject === token);
    expect(of('PutParameter')).toHaveLength(1);
    expect(of('DeleteParameter')).toHaveLength(1);
    expect(hasToken).toBe(false);
    // The build had it.
    expect(text).toMatch(/from the job\/from the queue\/bkaa_\S+\n/);
  });

  test('has the build’s log, byte for byte, in chunks that are numbered and placed right', () => {
    expect(job.log).toMatchObject({ bytes: log.bytes, sha256: log.sha256 });
    expect(text).toBe(log.text);
    expect(text).toContain('line 9 of the job, with a 🌙\n');
    expect(job.log).toMatchObject({ conflicts: 0, gaps: [], overlaps: [], missing: [] });
    expect(job.log.chunks).toBeGreaterThan(3);
    expect(result.log).toEqual({ bytes: log.bytes, chunks: job.log.chunks, lost: 0 });
  });

  test('shows its build in Buildkite', () => {
    expect(Object.values(job.data)).toEqual([
      expect.stringContaining(`/${account.id}/projects/${project}/build/`),
    ]);
  });

  test('is worked on by an agent of its own, that nothing else is given', () => {
    expect(agentName).toContain('nightshift-');
    const of = (action: string) => ledger.filter((entry) => entry.action === action);
    expect(of('Disconnect').map(({ subject }) => subject)).toContain(job.agent);
  });
});
