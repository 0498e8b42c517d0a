import { expect, test } from 'vitest';
import { audit } from '../../src/cli/demo/builds/audit.js';
import type { CloudRecord, PieceRecord } from '../../src/cli/demo/builds/cloud-record.js';
import type { BuildkiteJobState } from '../../sandbox/buildkite/view.js';

const time = '2026-03-14T23:00:00.000Z';
const log = { bytes: 10, sha256: 'a1b2' };

type Build = PieceRecord['builds'][number];

function build(name: string, status: string): Build {
  return {
    ...{ id: `app:${name}`, arn: `arn:aws:codebuild:us-east-1:111111111111:build/app:${name}` },
    ...{ account: '111111111111', region: 'us-east-1', project: 'app' },
    ...{ status, env: {}, started: time },
  };
}

/** A build that went well. */
function buildPiece(name: string, changes: Partial<PieceRecord> = {}): PieceRecord {
  return {
    ...{ name, via: 'client', ending: { kind: 'passed' } },
    ...{ told: { status: 'SUCCEEDED', bytes: 10 }, builds: [build(name, 'SUCCEEDED')] },
    ...{ log, arrived: log },
    ...changes,
  };
}

function job(changes: Partial<BuildkiteJobState>): BuildkiteJobState {
  return {
    ...{ uuid: '0190046e-e199-453b-a302-a21a4d649d31', queue: 'linux', command: 'make' },
    ...{ state: 'finished', endedBy: 'agent', exitStatus: '3', scheduledAt: time },
    log: {
      ...{ ...log, chunks: 2, repeats: 1, conflicts: 0, gaps: [], overlaps: [], missing: [] },
    },
    ...{ bytesAtFinish: 10, backoffSequences: [], notifications: [], data: {} },
    ...{ annotations: [], refusals: [] },
    ...changes,
  };
}

/** A job whose command ended with 3, as it was to. */
function jobPiece(name: string, changes: Partial<BuildkiteJobState> = {}): PieceRecord {
  return {
    ...{ name, via: 'agent', ending: { kind: 'failed', exitStatus: 3 } },
    ...{ told: { status: 'finished', exitStatus: 3, bytes: 10 }, builds: [build(name, 'FAILED')] },
    ...{ log, arrived: log, job: job(changes) },
  };
}

function agent(state: 'connected' | 'disconnected'): CloudRecord['agents'][number] {
  return {
    ...{ id: 'agent-1', name: 'nightshift-1', tags: ['queue=linux'], state },
    ...{ ignoresDispatches: true, registeredAt: time, lastHeartbeat: time },
    ...{ heartbeats: 1, pings: 0 },
  };
}

function recordOf(pieces: PieceRecord[], changes: Partial<CloudRecord> = {}): CloudRecord {
  const builds = pieces.flatMap((piece) => piece.builds);
  return {
    ...{ pieces, builds, startCalls: builds.length, agents: [agent('disconnected')], stacks: [] },
    ...changes,
  };
}

test('builds and jobs that ended as they were to are as they should be', () => {
  const found = audit(recordOf([buildPiece('web'), jobPiece('e2e')]));
  expect(found).toMatchObject({ same: 2, chunks: 2, repeats: 1, repeatedStarts: 0, running: 0 });
  expect(found).toMatchObject({ disconnected: 1, problems: [] });
});

test('a log that did not arrive byte for byte is a problem', () => {
  const found = audit(recordOf([buildPiece('web', { arrived: { bytes: 10, sha256: 'ffff' } })]));
  expect(found.same).toBe(0);
  expect(found.problems).toEqual([
    'web has 10 bytes of log (SHA-256 a1b2), of which 10 arrived (ffff)',
  ]);
});

test('a build that CodeBuild has no log of is a problem, even when none arrived', () => {
  const none = { bytes: 0, sha256: '' };
  const found = audit(
    recordOf([
      buildPiece('web', {
        ...{ builds: [], log: none, arrived: none },
        told: { status: 'SUCCEEDED', bytes: 0 },
      }),
    ]),
  );
  expect(found.same).toBe(0);
  expect(found.problems).toContain('web was started 0 times');
});

test('a log that is shorter than it was to be is a problem', () => {
  const found = audit(recordOf([buildPiece('web', { logBytes: 11 })]));
  expect(found.problems).toEqual(['web has only 10 bytes of log, not 11']);
});

test('bytes that Nightshift counted otherwise are a problem', () => {
  const found = audit(recordOf([buildPiece('web', { told: { status: 'SUCCEEDED', bytes: 9 } })]));
  expect(found.problems).toEqual(['Nightshift says that web has 9 bytes of log, not 10']);
});

test('a build that was started twice is a problem, a repeated call that had no effect is none', () => {
  const twice = [build('web', 'STOPPED'), { ...build('web', 'SUCCEEDED'), id: 'app:web-2' }];
  expect(audit(recordOf([buildPiece('web', { builds: twice })])).problems).toEqual([
    'web was started 2 times',
  ]);
  const found = audit(recordOf([buildPiece('web')], { startCalls: 2 }));
  expect(found).toMatchObject({ repeatedStarts: 1, problems: [] });
});

test('a build that nobody asked for, and one that was left running, are problems', () => {
  const stray = build('stray', 'IN_PROGRESS');
  const web = buildPiece('web');
  const found = audit(recordOf([web], { builds: [...web.builds, stray] }));
  expect(found.running).toBe(1);
  expect(found.problems).toEqual(['app:stray is nobody’s build', 'app:stray was left running']);
});

test('a job that ended otherwise than it was to is a problem, whoever says so', () => {
  const piece = jobPiece('e2e', { exitStatus: '0' });
  piece.told = { status: 'finished', exitStatus: 1, bytes: 10 };
  piece.builds = [build('e2e', 'SUCCEEDED')];
  expect(audit(recordOf([piece])).problems).toEqual([
    'Nightshift says of e2e: exit status 1, not exit status 3',
    'CodeBuild says of e2e: SUCCEEDED, not FAILED',
    'Buildkite says of e2e: passed, exit status 0, not failed, exit status 3',
  ]);
});

test('a cancelled job has a stopped build, and says that it was cancelled', () => {
  const canceled = jobPiece('deploy', { state: 'canceled', exitStatus: '-1' });
  const told = { status: 'cancelled', exitStatus: -1, bytes: 10 };
  const piece: PieceRecord = { ...canceled, ending: { kind: 'cancelled' }, told };
  const stopped = { ...piece, builds: [build('deploy', 'STOPPED')] };
  expect(audit(recordOf([stopped])).problems).toEqual([]);
  expect(audit(recordOf([piece])).problems).toEqual([
    'CodeBuild says of deploy: FAILED, not STOPPED',
  ]);
});

test('a job that was finished before its last log is a problem', () => {
  const found = audit(recordOf([jobPiece('e2e', { bytesAtFinish: 7 })]));
  expect(found.problems).toEqual(['e2e was finished at 7 of 10 bytes of log']);
});

test('chunks that don’t fit together are a problem', () => {
  const flawed = { ...job({}).log, conflicts: 1, gaps: [{ before: 2, count: 5 }] };
  const found = audit(recordOf([jobPiece('e2e', { log: flawed })]));
  expect(found.problems).toEqual(['e2e has 2 flaws between the chunks of its log']);
});

test('an agent that is still connected and a stack that is still registered are problems', () => {
  const found = audit(
    recordOf([buildPiece('web')], { agents: [agent('connected')], stacks: ['nightshift-heavy'] }),
  );
  expect(found.disconnected).toBe(0);
  expect(found.problems).toEqual([
    'the agent nightshift-1 is connected',
    'the stack nightshift-heavy is still registered',
  ]);
});
