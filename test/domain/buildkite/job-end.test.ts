import { expect, test } from 'vitest';
import { endOfBuild, isTold } from '../../../src/domain/buildkite/job-end.js';
import type { BuildResult, EndedStatus } from '../../../src/domain/builds/result.js';

function ended(status: EndedStatus, exitStatus?: number): BuildResult {
  return {
    workflowId: 'w',
    runId: 'r',
    buildId: 'p:1',
    arn: 'arn',
    project: 'p',
    target: { account: { id: '111111111111', name: 'dev-1' }, region: 'us-east-1' },
    status,
    phases: [],
    log: { bytes: 0, events: 0, parts: 0, lost: 0 },
    links: { console: 'https://example.com' },
    earlier: [],
    ...(exitStatus === undefined ? {} : { exitStatus }),
  };
}

test.each([
  ['a build that succeeded ends its job with 0', ended('SUCCEEDED'), { exitStatus: 0 }],
  ['a command that failed ends it with its own status', ended('FAILED', 42), { exitStatus: 42 }],
  ['a build that failed without one ends it with 1', ended('FAILED'), { exitStatus: 1 }],
  ['a failed build never ends its job with 0', ended('FAILED', 0), { exitStatus: 1 }],
  [
    'a build that somebody stopped was ended by a signal',
    ended('STOPPED'),
    { exitStatus: -1, signal: 'SIGTERM', signalReason: 'agent_stop' },
  ],
  [
    'a fault of CodeBuild is none of the command’s',
    ended('FAULT'),
    { exitStatus: -1, signalReason: 'agent_stop' },
  ],
  ['neither is its time limit', ended('TIMED_OUT'), { exitStatus: -1, signalReason: 'agent_stop' }],
])('%s', (_, build, end) => {
  expect(endOfBuild(build)).toEqual(end);
});

test('what a command did is told by its own log; anything else has to be said', () => {
  expect(isTold(ended('SUCCEEDED'))).toBe(true);
  expect(isTold(ended('FAILED', 3))).toBe(true);
  for (const build of [ended('FAILED'), ended('STOPPED'), ended('FAULT'), ended('TIMED_OUT')])
    expect(isTold(build)).toBe(false);
});
