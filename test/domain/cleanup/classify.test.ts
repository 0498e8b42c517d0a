import { describe, expect, test } from 'vitest';
import { classifyFailure } from '../../../src/domain/cleanup/classify.js';
import { failedEvent, idOf } from './samples.js';

const stackId = idOf('net');
const classify = (...reasons: string[]) =>
  classifyFailure(
    reasons.map((reason, n) => failedEvent(`R${n}`, reason)),
    stackId,
  );
const stackEvent = (reason: string) =>
  failedEvent('net', reason, { physicalId: stackId, type: 'AWS::CloudFormation::Stack' });

const notEmpty =
  'The bucket you tried to delete is not empty (Service: S3, Status Code: 409, Request ID: X)';

describe('each sign has its class and its remedy', () => {
  test.each([
    ['Role arn:aws:iam::1:role/x is invalid or cannot be assumed', 'role-gone', 'other-role'],
    [notEmpty, 'bucket-not-empty', 'buckets'],
    ['Error: BucketNotEmpty', 'bucket-not-empty', 'buckets'],
    ['User: arn:aws:iam::1:role/x is not authorized to perform', 'access-denied', 'give-up'],
    ['AccessDenied. Service: S3', 'access-denied', 'give-up'],
    ['Access Denied (Service: S3, Status Code: 403)', 'access-denied', 'give-up'],
    ['resource sg-1 has a dependent object', 'dependent-object', 'next-pass'],
    ['DependencyViolation', 'dependent-object', 'next-pass'],
    ['The subnet is in use', 'dependent-object', 'next-pass'],
    ['Resource handler returned message: "Something odd"', 'unknown', 'next-pass'],
  ])('%s', (reason, failureClass, remedy) => {
    expect(classify(reason)).toMatchObject({
      class: failureClass,
      remedy: { kind: remedy },
      reason,
    });
  });

  test.each([
    [
      'CloudFormation is waiting for NetworkInterfaces associated with the Lambda Function to be cleaned up.',
      'network-interfaces',
      'networkInterfaces',
    ],
    ['The network interface eni-1 is in use', 'network-interfaces', 'networkInterfaces'],
    [
      'Lambda was unable to delete arn:aws:lambda:… because it is a replicated function.',
      'replicated-function',
      'replicatedFunction',
    ],
    ['Rate exceeded (Service: Lambda, Status Code: 429)', 'throttled', 'throttled'],
    ['Throttling', 'throttled', 'throttled'],
    ['TooManyRequestsException', 'throttled', 'throttled'],
    ['Please reduce your request rate. (SlowDown)', 'throttled', 'throttled'],
  ])('%s: goes away by itself', (reason, failureClass, wait) => {
    expect(classify(reason)).toMatchObject({
      class: failureClass,
      remedy: { kind: 'wait', wait },
    });
  });
});

describe('of several failed resources', () => {
  test('a bucket comes before a wait, and its sentence is the reason', () => {
    const failure = classify('Rate exceeded', 'the network interface is in use', notEmpty);
    expect(failure).toMatchObject({
      class: 'bucket-not-empty',
      reason: notEmpty,
      remedy: { kind: 'buckets', buckets: [{ name: 'r2-1', logicalId: 'R2' }] },
    });
  });

  test('a wait comes before access that is denied', () => {
    expect(classify('AccessDenied', 'Rate exceeded').class).toBe('throttled');
  });

  test('all full buckets are to be emptied, and only those; one that was never made has no name', () => {
    const failure = classifyFailure(
      [
        failedEvent('One', notEmpty),
        failedEvent('Group', 'has a dependent object'),
        failedEvent('Two', notEmpty),
        { ...failedEvent('Three', notEmpty), physicalId: undefined },
        failedEvent('Four'),
      ],
      stackId,
    );
    expect(failure.remedy).toEqual({
      kind: 'buckets',
      buckets: [
        { name: 'one-1', logicalId: 'One' },
        { name: 'two-1', logicalId: 'Two' },
      ],
    });
    expect(failure.failedResources.map(({ logicalId }) => logicalId)).toEqual([
      ...['One', 'Group', 'Two', 'Three', 'Four'],
    ]);
  });
});

describe('the reason', () => {
  test('a resource that failed twice counts once, as it failed last', () => {
    const failure = classifyFailure(
      [failedEvent('Group', 'has a dependent object'), failedEvent('Group', 'Rate exceeded')],
      stackId,
    );
    expect(failure.class).toBe('dependent-object');
    expect(failure.failedResources).toEqual([
      {
        logicalId: 'Group',
        physicalId: 'group-1',
        type: 'AWS::EC2::SecurityGroup',
        reason: 'has a dependent object',
      },
    ]);
  });

  test("the stack's own event explains what no resource does, and is no resource", () => {
    const reason = 'The following resource(s) failed to delete: [Group].';
    const failure = classifyFailure([stackEvent(reason)], stackId);
    expect(failure).toMatchObject({ class: 'unknown', reason, failedResources: [] });
    expect(classifyFailure([stackEvent(reason), failedEvent('Group', 'odd')], stackId).reason).toBe(
      'odd',
    );
  });

  test("the stack's status explains what no event does", () => {
    expect(classifyFailure([], stackId, 'Rate exceeded')).toMatchObject({
      class: 'throttled',
      reason: 'Rate exceeded',
    });
  });

  test('without a word of AWS, that is said', () => {
    expect(classifyFailure([], stackId)).toEqual({
      class: 'unknown',
      remedy: { kind: 'next-pass' },
      reason: 'AWS gave no reason',
      failedResources: [],
    });
  });

  test('what went well explains nothing', () => {
    const failure = classifyFailure(
      [
        failedEvent('Gone', 'Rate exceeded', { status: 'DELETE_COMPLETE' }),
        failedEvent('Going', 'AccessDenied', { status: 'DELETE_IN_PROGRESS' }),
        failedEvent('Stuck', 'has a dependent object'),
      ],
      stackId,
    );
    expect(failure.class).toBe('dependent-object');
    expect(failure.failedResources).toHaveLength(1);
  });
});
