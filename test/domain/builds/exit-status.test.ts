import { describe, expect, test } from 'vitest';
import { exitStatusOf, reasonOf } from '../../../src/domain/builds/exit-status.js';
import { phasesUpTo } from './phases.js';

const failing = (command: string, status: number | string) =>
  phasesUpTo(
    'BUILD',
    'FAILED',
    `Error while executing command: ${command}. Reason: exit status ${status}`,
  );

describe('the exit status of a build', () => {
  test.each([1, 3, 127, 255])('is that of the command that failed: %d', (status) => {
    expect(exitStatusOf(failing('make test', status))).toBe(status);
  });

  test.each([
    ['sh -c "exit status 7"'],
    ['echo "Reason: exit status 7"; false'],
    ['echo Reason: exit status 7. Reason: exit status 8'],
    ['true\nReason: exit status 7\nfalse'],
  ])('is CodeBuild’s word, not one of the command’s own: %j', (command) => {
    expect(exitStatusOf(failing(command, 3))).toBe(3);
  });

  test.each(['.', '\n', ' ', ''])('is found with %j behind it', (end) => {
    expect(exitStatusOf(failing('make', `2${end}`))).toBe(2);
  });

  test('is that of the first phase that has one', () => {
    const phases = [
      ...failing('make', 2),
      { type: 'POST_BUILD', status: 'FAILED', message: 'Reason: exit status 5' },
    ];
    expect(exitStatusOf(phases)).toBe(2);
  });

  test('is that of a later phase where an earlier one failed without one', () => {
    const phases = [
      { type: 'INSTALL', status: 'FAILED', message: 'no such runtime' },
      { type: 'POST_BUILD', status: 'FAILED', message: 'Reason: exit status 5' },
    ];
    expect(exitStatusOf(phases)).toBe(5);
  });

  test.each([
    [
      'a phase that succeeded',
      [{ type: 'BUILD', status: 'SUCCEEDED', message: 'Reason: exit status 1' }],
    ],
    ['a phase that goes on', [{ type: 'BUILD', message: 'Reason: exit status 1' }]],
    ['a phase without words', phasesUpTo('BUILD', 'FAILED')],
    ['a command that only speaks of one', phasesUpTo('BUILD', 'FAILED', 'exit status 7 was seen')],
    ['a timeout', phasesUpTo('BUILD', 'TIMED_OUT', 'Build has timed out. ')],
    ['a number that is none', failing('make', '1234')],
    ['no phases', []],
  ])('is not made up of %s', (_, phases) => {
    expect(exitStatusOf(phases)).toBeUndefined();
  });
});

describe('the reason for an end', () => {
  test('names the phase and gives CodeBuild’s words', () => {
    expect(reasonOf('FAILED', failing('make', 2))).toBe(
      'failed in BUILD: Error while executing command: make. Reason: exit status 2',
    );
  });

  test('names the phase alone where there are no words', () => {
    expect(reasonOf('TIMED_OUT', phasesUpTo('INSTALL', 'TIMED_OUT'))).toBe('timed out in INSTALL');
  });

  test.each([
    ['FAILED', 'failed'],
    ['FAULT', 'CodeBuild had a fault'],
    ['TIMED_OUT', 'timed out'],
    ['STOPPED', 'was stopped'],
  ] as const)('is given where no phase tells: %s', (status, reason) => {
    expect(reasonOf(status, [])).toBe(reason);
  });

  test('is not needed for a success, though a phase was let fail', () => {
    expect(reasonOf('SUCCEEDED', phasesUpTo('INSTALL', 'FAILED'))).toBeUndefined();
  });
});
