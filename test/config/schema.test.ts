import { describe, expect, test } from 'vitest';
import {
  accountSource,
  cleanupSections,
  configSchema,
  regionSelection,
} from '../../src/domain/config/index.js';
import { roleArn } from '../../src/domain/role-arn.js';
import { configWith } from './fixtures.js';

describe('the smallest config', () => {
  const config = configSchema.parse(configWith({}));

  test('works as it stands, with defaults for the rest', () => {
    expect(config).toEqual({
      accounts: {
        ssm: { path: '/nightshift/accounts' },
        role: 'arn:aws:iam::{accountId}:role/nightshift-spoke',
        sessionName: 'nightshift',
      },
      regions: ['ap-southeast-2', 'us-east-1'],
      policies: ['policies/*.yml'],
      rails: { requireApproval: false, protect: [] },
      pace: {
        cloudformation: { perSecond: 5, burst: 10 },
        s3: { perSecond: 100, burst: 200 },
        rds: { perSecond: 10, burst: 20 },
        sts: { perSecond: 10, burst: 20 },
        ssm: { perSecond: 10, burst: 20 },
        ec2: { perSecond: 10, burst: 20 },
        organizations: { perSecond: 10, burst: 20 },
        codebuild: { perSecond: 10, burst: 20 },
        logs: { perSecond: 10, burst: 20 },
        imagebuilder: { perSecond: 10, burst: 20 },
        pollInterval: '5s',
        workerTimeout: '30s',
        targetsAtOnce: 50,
        deletesAtOnce: 100,
        retries: 8,
        retryDelay: '500ms',
      },
      cleanup: {
        newStacks: 'leave',
        onBusyTarget: 'wait',
        deleteTimeout: '4h',
        approvalTimeout: '24h',
        waits: {
          networkInterfaces: '5m',
          replicatedFunction: '20m',
          throttled: '30s',
          busy: '30s',
        },
      },
      schedules: [],
      notifications: {},
      temporal: { taskQueue: 'nightshift' },
      telemetry: {},
    });
  });

  test('one key of a section leaves the defaults of its others', () => {
    const { pace } = configSchema.parse(
      configWith({ pace: { cloudformation: { perSecond: 2 }, retries: 3 } }),
    );
    expect(pace).toEqual({
      ...config.pace,
      cloudformation: { perSecond: 2, burst: 10 },
      retries: 3,
    });
  });
});

test('a config is JSON and parses to itself, so it can travel and be checked at each door', () => {
  const config = configSchema.parse(
    configWith({
      accounts: {
        organizations: { ou: 'ou-ab12-34cd56ef' },
        include: ['dev-*'],
        allowedIds: ['111111111111'],
      },
      regions: { allowed: true, exclude: ['us-*'] },
      rails: { maxDeletes: 10, maxDeletePercent: 12.5, protect: ['shared-*'] },
      schedules: [
        { name: 'nightly', cron: ['@daily', '0 23 * * *'], timeZone: 'Australia/Melbourne' },
      ],
      notifications: { slack: { webhook: { env: 'SLACK_WEBHOOK_URL' } } },
      telemetry: { prometheus: '127.0.0.1:9464', otlp: 'http://127.0.0.1:4318' },
    }),
  );
  const travelled: unknown = JSON.parse(JSON.stringify(config));
  expect(travelled).toEqual(config);
  expect(configSchema.parse(travelled)).toEqual(config);
});

describe('accounts come from', () => {
  const source = (accounts: object) =>
    accountSource(cleanupSections(configSchema.parse(configWith({ accounts }))).accounts);

  test('an SSM path', () => {
    expect(source({ ssm: { path: '/a/b', region: 'us-east-1' } })).toEqual({
      kind: 'ssm',
      path: '/a/b',
      region: 'us-east-1',
    });
  });

  test('a list', () => {
    const accounts = [{ name: 'dev-1', id: '111111111111' }];
    expect(source({ list: accounts })).toEqual({ kind: 'list', accounts });
  });

  test.each([
    [{}, []],
    [{ ou: 'ou-ab12-34cd56ef' }, ['ou-ab12-34cd56ef']],
    [{ ou: ['ou-ab12-34cd56ef', 'r-ab12'] }, ['ou-ab12-34cd56ef', 'r-ab12']],
  ])('an organization: %j', (organizations, organizationalUnits) => {
    expect(source({ organizations })).toEqual({ kind: 'organizations', organizationalUnits });
  });

  test('nowhere else: accounts that were never checked do not widen to an organization', () => {
    expect(() => accountSource({ sessionName: 'nightshift' })).toThrow('no source');
  });
});

test('a role is filled in for each account', () => {
  const account = { name: 'dev-1', id: '111111111111' };
  expect(roleArn({ role: 'arn:aws:iam::{accountId}:role/{accountName}/spoke' }, account)).toBe(
    'arn:aws:iam::111111111111:role/dev-1/spoke',
  );
  expect(roleArn({}, account)).toBeUndefined();
});

test('a role with a fixed account is taken for that one account', () => {
  const list = [{ name: 'dev-1', id: '111111111111' }];
  const role = 'arn:aws:iam::111111111111:role/spoke';
  expect(configSchema.safeParse(configWith({ accounts: { list, role } })).success).toBe(true);
});

test.each([
  [['us-east-1'], { kind: 'list', names: ['us-east-1'] }],
  ['allowed', { kind: 'allowed' }],
  [{ allowed: true }, { kind: 'allowed' }],
  [{ include: ['us-*'] }, { kind: 'allowed', include: ['us-*'] }],
  [
    { allowed: true, exclude: ['us-*'] },
    { kind: 'allowed', exclude: ['us-*'] },
  ],
])('regions may be %j', (regions, selection) => {
  expect(
    regionSelection(cleanupSections(configSchema.parse(configWith({ regions }))).regions),
  ).toEqual(selection);
});
