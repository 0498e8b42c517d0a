import { describe, expect, test } from 'vitest';
import type { EndedStatus } from '../../../src/domain/builds/result.js';
import { failedPhase } from '../../../src/domain/builds/failed-phase.js';
import { infrastructureFailure, retryDelay } from '../../../src/domain/builds/retry.js';
import { infrastructureRetrySchema } from '../../../src/domain/builds/retry-schema.js';
import { type PhaseName, phaseOrder, phasesUpTo } from './phases.js';

type Kind = 'fault' | 'queue' | 'machine' | 'own';

/** What is to be thought of a build that ended in a phase with a status: CodeBuild's fault, or the build's own. */
function kindOf(phase: PhaseName, status: string): Kind {
  if (status === 'FAULT') return 'fault';
  if (status === 'STOPPED' || status === 'CLIENT_ERROR') return 'own';
  if (phase === 'QUEUED' && status === 'TIMED_OUT') return 'queue';
  return ['SUBMITTED', 'QUEUED', 'PROVISIONING'].includes(phase) ? 'machine' : 'own';
}

const wording: Record<Kind, RegExp | undefined> = {
  fault: /^CodeBuild had a fault in [A-Z_]+: words of AWS$/,
  queue: /^the build waited too long in the queue: words of AWS$/,
  machine: /^CodeBuild could not provide the build’s machine: words of AWS$/,
  own: undefined,
};

/** The status that a build ends with when a phase ends with another. */
const buildStatus: Record<string, EndedStatus> = {
  FAILED: 'FAILED',
  FAULT: 'FAULT',
  TIMED_OUT: 'TIMED_OUT',
  STOPPED: 'STOPPED',
  CLIENT_ERROR: 'FAILED',
};

const everyEnd = phaseOrder.flatMap((phase) =>
  Object.entries(buildStatus).map(([status, ends]) => ({ phase, status, ends })),
);

describe('a build is started again', () => {
  test.each(everyEnd)('or not: $status in $phase', ({ phase, status, ends }) => {
    const expected = wording[kindOf(phase, status)];
    const reason = infrastructureFailure(ends, phasesUpTo(phase, status, 'words of AWS'));
    if (expected) expect(reason).toMatch(expected);
    else expect(reason).toBeUndefined();
  });

  test('never for a command that failed, although CodeBuild had a fault after it', () => {
    const phases = [
      ...phasesUpTo('BUILD', 'FAILED', 'Reason: exit status 3').slice(0, -1),
      { type: 'POST_BUILD', status: 'SUCCEEDED' },
      { type: 'UPLOAD_ARTIFACTS', status: 'FAULT' },
    ];
    expect(infrastructureFailure('FAULT', phases)).toBeUndefined();
  });

  test('for a build that had a fault while one of its phases FAILED without a command', () => {
    const phases = phasesUpTo('BUILD', 'FAILED', 'Build container found dead');
    expect(infrastructureFailure('FAULT', phases)).toBe(
      'CodeBuild had a fault in BUILD: Build container found dead',
    );
  });

  test('for a fault that no phase tells of', () => {
    expect(infrastructureFailure('FAULT', [])).toBe('CodeBuild had a fault');
  });

  test('for a phase that had a fault in a build that FAILED', () => {
    expect(infrastructureFailure('FAILED', phasesUpTo('BUILD', 'FAULT'))).toBe(
      'CodeBuild had a fault in BUILD',
    );
  });

  test.each(['SUCCEEDED', 'STOPPED'] as const)(
    'not when it %s, whatever its phases say',
    (ends) => {
      expect(infrastructureFailure(ends, phasesUpTo('PROVISIONING', 'FAULT'))).toBeUndefined();
    },
  );

  test.each(['FAILED', 'TIMED_OUT'] as const)('not when it %s and no phase tells why', (ends) => {
    expect(infrastructureFailure(ends, [])).toBeUndefined();
  });
});

describe('the phase that decided', () => {
  test('is the first that did not succeed', () => {
    const phases = [
      { type: 'INSTALL', status: 'SUCCEEDED' },
      { type: 'BUILD', status: 'FAILED' },
      { type: 'POST_BUILD', status: 'FAULT' },
    ];
    expect(failedPhase(phases)?.type).toBe('BUILD');
  });

  test('is none while a phase goes on', () => {
    expect(failedPhase([{ type: 'BUILD' }])).toBeUndefined();
  });
});

describe('the wait before the next build', () => {
  test('doubles each time', () => {
    expect([1, 2, 3].map((made) => retryDelay({ firstDelay: 30_000, made }))).toEqual([
      30_000, 60_000, 120_000,
    ]);
  });

  test('is ten minutes at most', () => {
    expect(retryDelay({ firstDelay: 30_000, made: 19 })).toBe(600_000);
  });
});

describe('how often builds are started', () => {
  test('is three times in all, the first wait half a minute, unless told', () => {
    expect(infrastructureRetrySchema.parse({})).toEqual({ attempts: 3, delay: '30s' });
  });

  test.each([0, 21, 1.5, '3'])('can’t be %j times', (attempts) => {
    expect(infrastructureRetrySchema.safeParse({ attempts }).success).toBe(false);
  });
});
