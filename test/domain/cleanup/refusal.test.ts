import { describe, expect, test } from 'vitest';
import { readExportInUse, readRefusal } from '../../../src/domain/cleanup/refusal.js';

const stackId = 'arn:aws:cloudformation:us-east-1:111111111111:stack/net/7f0c9d3e';
const read = (message: string, code = 'ValidationError') => readRefusal(code, message);

describe('what DeleteStack said', () => {
  test.each([
    'Stack [net] cannot be deleted while TerminationProtection is enabled',
    'Stack net cannot be deleted while TerminationProtection is enabled',
  ])('%s: the stack is protected', (message) => {
    expect(read(message)).toEqual({ kind: 'protected' });
  });

  test.each([
    [
      `Stack [${stackId}] cannot be deleted while in status UPDATE_IN_PROGRESS`,
      'UPDATE_IN_PROGRESS',
    ],
    [
      `Stack ${stackId} cannot be deleted while in status UPDATE_COMPLETE_CLEANUP_IN_PROGRESS`,
      'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
    ],
    [
      `Stack [${stackId}] cannot be deleted while in status ROLLBACK_IN_PROGRESS.`,
      'ROLLBACK_IN_PROGRESS',
    ],
  ])('%s: the stack is busy, and with what', (message, status) => {
    expect(read(message)).toEqual({ kind: 'busy', status });
  });

  test.each([
    'Role arn:aws:iam::111111111111:role/deployer is invalid or cannot be assumed',
    'ROLE arn:aws:iam::111111111111:role/team/deployer IS INVALID OR CANNOT BE ASSUMED',
  ])('%s: the role is gone', (message) => {
    expect(read(message)).toEqual({ kind: 'role-gone' });
  });

  test.each([
    'You can activate DeletionMode FORCE_DELETE_STACK in a delete stack operation only when the stack is in the DELETE_FAILED state.',
    `Invalid operation on stack [${stackId}]. Specify RetainResources only when the stack is in the DELETE_FAILED state.`,
    'The specified resources to retain must be in a valid state. RetainResources is not allowed here',
  ])('%s: it is not DELETE_FAILED any more', (message) => {
    expect(read(message)).toEqual({ kind: 'not-failed' });
  });

  test.each([
    ['AccessDenied', 'no'],
    ['AccessDeniedException', 'no'],
    ['UnauthorizedOperation', 'no'],
    ['NotAuthorized', 'no'],
    [
      'ValidationError',
      `User: arn:aws:iam::111111111111:user/x is not authorized to perform: cloudformation:DeleteStack on resource: ${stackId}`,
    ],
  ])('%s, %s: access is denied', (code, message) => {
    expect(read(message, code)).toEqual({ kind: 'access-denied' });
  });

  test('anything else is not guessed at', () => {
    expect(read('Stack with id net does not exist')).toEqual({ kind: 'other' });
    expect(read('')).toEqual({ kind: 'other' });
  });
});

describe('an export in use', () => {
  const inUse = (exportName: string, ...importers: string[]) => ({
    kind: 'export-in-use',
    exportName,
    importers,
  });

  test.each([
    ['Delete canceled. Cannot delete export net-id as it is in use by app', ['app']],
    ['Delete canceled. Cannot delete export net-id as it is in use by app, job.', ['app', 'job']],
    ['Export net-id cannot be deleted as it is in use by app and job', ['app', 'job']],
    ['Export net-id cannot be deleted as it is in use by app, job and web', ['app', 'job', 'web']],
    [
      'Export net-id cannot be deleted as it is in use by app, job, and web.',
      ['app', 'job', 'web'],
    ],
    ["Export 'net-id' is imported by stacks: 'app', 'job'", ['app', 'job']],
    ['Export net-id is imported by stack [app]', ['app']],
    ['Cannot delete export net-id being imported by stack app', ['app']],
  ])('%s', (message, importers) => {
    expect(read(message)).toEqual(inUse('net-id', ...importers));
    expect(readExportInUse(message)).toEqual(inUse('net-id', ...importers));
  });

  test("MiniStack's words: Export base-topic is imported by stack mid", () => {
    expect(read('Export base-topic is imported by stack mid')).toEqual(inUse('base-topic', 'mid'));
  });

  test('names that hold "and", dots in an export, and colons are read whole', () => {
    expect(
      readExportInUse('Export eu.core:Vpc-Id cannot be deleted as it is in use by sand-android.'),
    ).toEqual(inUse('eu.core:Vpc-Id', 'sand-android'));
  });

  test.each([
    'Stack [net] cannot be deleted while TerminationProtection is enabled',
    "Export 'net-id' is not imported by any stack.",
    'Cannot export image as it is in progress',
  ])('%s: not that', (message) => {
    expect(readExportInUse(message)).toBeUndefined();
  });
});
