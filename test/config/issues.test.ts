import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { formatPath, parseInput } from '../../src/domain/config/index.js';
import { parseFieldPath } from '../../src/config/field-path.js';
import { issuesOf, smallest } from './fixtures.js';

const withoutAccounts = smallest.split('\n').slice(3).join('\n');
const withoutRegions = smallest.replace(/^regions.*\n/m, '');

describe('bad input is reported with file, line, field, value and what is allowed:', () => {
  test.each<
    [what: string, more: string, base: string, line: number, path: string, message: string]
  >([
    [
      'a wrong type',
      'pace:\n  retries: many\n',
      smallest,
      7,
      'pace.retries',
      '"many" is not allowed: must be a whole number from 0 to 50',
    ],
    [
      'a number out of bounds',
      'rails: { maxDeletePercent: 120 }\n',
      smallest,
      6,
      'rails.maxDeletePercent',
      '120 is not allowed: must be a number from 0 to 100',
    ],
    [
      'a fraction',
      'rails: { maxDeletes: 1.5 }\n',
      smallest,
      6,
      'rails.maxDeletes',
      '1.5 is not allowed: must be a whole number of at least 0',
    ],
    [
      'a boolean as text',
      'rails: { requireApproval: "yes" }\n',
      smallest,
      6,
      'rails.requireApproval',
      '"yes" is not allowed: must be true or false',
    ],
    [
      'a value that is not a choice',
      'cleanup:\n  onBusyTarget: refuze\n',
      smallest,
      7,
      'cleanup.onBusyTarget',
      '"refuze" is not allowed: must be one of wait, refuse (did you mean refuse?)',
    ],
    [
      'a duration without a unit',
      'pace: { pollInterval: 5 }\n',
      smallest,
      6,
      'pace.pollInterval',
      '5 is not allowed: must be a duration such as 250ms, 5s, 90m, 4h, 1d or 1h30m, and at least 10ms',
    ],
    [
      'a duration that is too short',
      'schedules:\n  - name: a\n    cron: "@daily"\n    catchupWindow: 5s\n',
      smallest,
      9,
      'schedules[0].catchupWindow',
      '"5s" is not allowed: must be a duration such as 250ms, 5s, 90m, 4h, 1d or 1h30m, and at least 10s',
    ],
    [
      'an unknown section',
      'schedule: []\n',
      smallest,
      6,
      'schedule',
      'is not a known key (did you mean schedules?); allowed are accounts, regions, policies, rails, pace, cleanup, builds, buildkite, images, schedules, notifications, temporal, telemetry',
    ],
    [
      'an unknown key',
      'pace:\n  s3: { perSecnd: 2 }\n',
      smallest,
      7,
      'pace.s3.perSecnd',
      'is not a known key (did you mean perSecond?); allowed are perSecond, burst',
    ],
    [
      'a section that is no mapping',
      'pace: 5s\n',
      smallest,
      6,
      'pace',
      '"5s" is not allowed: must be a mapping of keys to values',
    ],
    [
      'a section that is null',
      'pace:\n',
      smallest,
      6,
      'pace',
      'null is not allowed: must be a mapping of keys to values',
    ],
    [
      'a missing section',
      '',
      withoutRegions,
      1,
      'regions',
      'is missing: must be a list of region names, the word allowed (all that the account has enabled), or allowed with include or exclude globs',
    ],
    [
      'a region that is none',
      'regions: [us-east-1, us-east1]\n',
      withoutRegions,
      5,
      'regions[1]',
      '"us-east1" is not allowed: a region looks like ap-southeast-2',
    ],
    [
      'another word for regions',
      'regions: all\n',
      withoutRegions,
      5,
      'regions',
      '"all" is not allowed: must be a list of region names, the word allowed (all that the account has enabled), or allowed with include or exclude globs',
    ],
    [
      'an empty list of regions',
      'regions: []\n',
      withoutRegions,
      5,
      'regions',
      '[] is not allowed: must be a list of region names with at least one entry',
    ],
    [
      'a region given twice',
      'regions: [us-east-1, us-east-1]\n',
      withoutRegions,
      5,
      'regions',
      'a list of 2 is not allowed: must name each region once',
    ],
    [
      'regions with nothing in them',
      'regions: {}\n',
      withoutRegions,
      5,
      'regions',
      '{} is not allowed: must be a list of region names, the word allowed (all that the account has enabled), or allowed with include or exclude globs',
    ],
    [
      'a negated glob',
      'regions: { include: ["!us-*"] }\n',
      withoutRegions,
      5,
      'regions.include[0]',
      '"!us-*" is not allowed: must be a glob of *, ?, [a-z] and {a,b}; to leave something out, use exclude rather than !',
    ],
    [
      'no source of accounts',
      'accounts:\n  sessionName: me\n',
      withoutAccounts,
      3,
      'accounts',
      '{ sessionName } is not allowed: must hold exactly one of ssm, list and organizations; none is given',
    ],
    [
      'two sources of accounts',
      'accounts:\n  organizations: {}\n  ssm: { path: /a }\n',
      withoutAccounts,
      3,
      'accounts',
      '{ organizations, ssm } is not allowed: must hold exactly one of ssm, list and organizations; ssm and organizations are given',
    ],
    [
      'an account id that is a number, as it is written',
      'accounts:\n  list:\n    - name: dev-1\n      id: 012345678901\n',
      withoutAccounts,
      6,
      'accounts.list[0].id',
      '012345678901 is not allowed: must be text: put it in quotes',
    ],
    [
      'an account id that is too short',
      'accounts: { list: [{ name: dev-1, id: "123" }] }\n',
      withoutAccounts,
      3,
      'accounts.list[0].id',
      '"123" is not allowed: an account id has 12 digits',
    ],
    [
      'an account without an id',
      'accounts:\n  list:\n    - name: dev-1\n',
      withoutAccounts,
      5,
      'accounts.list[0].id',
      'is missing: must be text',
    ],
    [
      'an account given twice',
      'accounts:\n  list:\n    - { name: a, id: "111111111111" }\n    - { name: b, id: "111111111111" }\n',
      withoutAccounts,
      6,
      'accounts.list[1].id',
      '"111111111111" is not allowed: must differ from that of accounts.list[0]',
    ],
    [
      'a role that is no template',
      'accounts: { organizations: {}, role: my-role }\n',
      withoutAccounts,
      3,
      'accounts.role',
      '"my-role" is not allowed: must be a role ARN in which {accountId} and {accountName} stand for the account, such as arn:aws:iam::{accountId}:role/nightshift-spoke',
    ],
    [
      'one role for all accounts',
      'accounts: { organizations: {}, role: "arn:aws:iam::111111111111:role/x" }\n',
      withoutAccounts,
      3,
      'accounts.role',
      '"arn:aws:iam::111111111111:role/x" is not allowed: must have {accountId} where 111111111111 stands, so that the role assumed is that of the account',
    ],
    [
      'an organizational unit that is none',
      'accounts: { organizations: { ou: Sandbox } }\n',
      withoutAccounts,
      3,
      'accounts.organizations.ou',
      '"Sandbox" is not allowed: must be the id of an organizational unit or root, such as ou-ab12-34cd56ef',
    ],
    [
      'a cron that Temporal would refuse',
      'schedules:\n  - name: a\n    cron: 0 25 * * *\n',
      smallest,
      8,
      'schedules[0].cron',
      '"0 25 * * *" is not allowed: must have as its hour *, 0-23, a range a-b, a step */n or a list of these; "25" is none',
    ],
    [
      'a cron in a list',
      'schedules:\n  - name: a\n    cron:\n      - "@daily"\n      - "@dayly"\n',
      smallest,
      10,
      'schedules[0].cron[1]',
      '"@dayly" is not allowed: must be one of @yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly, or fields',
    ],
    [
      'a time zone that is none',
      'schedules: [{ name: a, cron: "@daily", timeZone: AEST }]\n',
      smallest,
      6,
      'schedules[0].timeZone',
      '"AEST" is not allowed: must be an IANA time zone such as Australia/Melbourne or UTC',
    ],
    [
      'two schedules of one name',
      'schedules:\n  - { name: a, cron: "@daily" }\n  - { name: a, cron: "@hourly" }\n',
      smallest,
      8,
      'schedules[1].name',
      '"a" is not allowed: must be unique; schedules[0] has this name too',
    ],
    [
      'an overlap policy that is none',
      'schedules: [{ name: a, cron: "@daily", overlap: bufferOne }]\n',
      smallest,
      6,
      'schedules[0].overlap',
      '"bufferOne" is not allowed: must be one of skip, buffer-one, buffer-all, cancel-other, terminate-other, allow-all (did you mean buffer-one?)',
    ],
    [
      'a webhook in two places',
      'notifications: { slack: { webhook: { env: A, ssm: /a } } }\n',
      smallest,
      6,
      'notifications.slack.webhook',
      '{ env, ssm } is not allowed: must name where the webhook URL is kept, as { ssm: /nightshift/slack } or { env: SLACK_WEBHOOK_URL }; the URL itself is a secret and does not belong in a file',
    ],
    [
      'an address without a port',
      'temporal: { address: localhost }\n',
      smallest,
      6,
      'temporal.address',
      '"localhost" is not allowed: must be a host and a port, such as temporal.example.com:7233',
    ],
    [
      'a trace endpoint that is no URL',
      'telemetry: { otlp: "127.0.0.1:4318" }\n',
      smallest,
      6,
      'telemetry.otlp',
      '"127.0.0.1:4318" is not allowed: must be an http or https URL, such as http://127.0.0.1:4318',
    ],
    [
      'a trace endpoint with a login',
      'telemetry: { otlp: "https://me:hunter2@traces.example.com" }\n',
      smallest,
      6,
      'telemetry.otlp',
      '"https://traces.example.com" is not allowed: must hold no user and no password: a secret does not belong in a file',
    ],
    [
      'a metrics address by host name',
      'telemetry: { prometheus: "metrics:9464" }\n',
      smallest,
      6,
      'telemetry.prometheus',
      '"metrics:9464" is not allowed: must be an address to listen on, such as 127.0.0.1:9464 or [::]:9464',
    ],
  ])('%s', (_what, more, base, line, path, message) => {
    expect(issuesOf(base + more)).toEqual([{ source: `nightshift.yaml:${line}`, path, message }]);
  });
});

test('a webhook URL in the file is refused, and not repeated in the error', () => {
  const url = 'https://hooks.slack.com/services/T000/B000/secret';
  const [issue] = issuesOf(`${smallest}notifications: { slack: { webhook: "${url}" } }\n`);
  expect(issue?.message).toMatch(/^"https:\/\/hooks\.slack\.com\/…" is not allowed: .*is a secret/);
});

test('all that is wrong is reported at once', () => {
  const issues = issuesOf(
    smallest + 'pace: { retries: -1, fast: true, slow: true }\nrails: { protect: x }\n',
  );
  expect(issues.map(({ path }) => path).sort()).toEqual([
    'pace.fast',
    'pace.retries',
    'pace.slow',
    'rails.protect',
  ]);
});

test('a value that comes from an anchor is reported where it is used', () => {
  const issues = issuesOf(smallest + 'pace: { s3: &slow { perSecond: 0 }, rds: *slow }\n');
  expect(issues.map(({ source, path }) => `${source} ${path}`)).toEqual([
    'nightshift.yaml:6 pace.s3.perSecond',
    'nightshift.yaml:6 pace.rds.perSecond',
  ]);
});

test('any input can be checked like this: a workflow input has no lines', () => {
  const schema = z.strictObject({ policies: z.array(z.string()).optional() });
  expect(() => parseInput(schema, { policy: 'a' }, 'cleanup input')).toThrow(
    'cleanup input: policy: is not a known key (did you mean policies?); allowed are policies',
  );
  expect(() => parseInput(schema, { policies: [1] }, 'cleanup input')).toThrow(
    'cleanup input: policies[0]: 1 is not allowed: must be text: put it in quotes',
  );
});

test.each([
  ['', []],
  ['accounts.list[0].id', ['accounts', 'list', 0, 'id']],
  ['filters["tag:a b"][1]', ['filters', 'tag:a b', 1]],
  ['["a\\"b"].on-call', ['a"b', 'on-call']],
])('a path is written as people write it, %j, and reads back', (text, path) => {
  expect(formatPath(path)).toBe(text);
  expect(parseFieldPath(text)).toEqual(path);
});

test('a path with something else in it reads up to there', () => {
  expect(parseFieldPath('policies[0] (stacks).name')).toEqual(['policies', 0]);
});
