import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  GetLogEventsCommand,
  paginateDescribeLogStreams,
  paginateGetLogEvents,
  PutLogEventsCommand,
  type CloudWatchLogsClient,
  type InputLogEvent,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Sandbox } from '../index.js';
import { account, region } from '../testing/fleets.js';
import { logSandbox, logsClient, numbered, place, read, writeLines } from './testing.js';

const noGroup = {
  name: 'ResourceNotFoundException',
  message: 'The specified log group does not exist.',
};
const noStream = {
  name: 'ResourceNotFoundException',
  message: 'The specified log stream does not exist.',
};
const invalid = { name: 'InvalidParameterException' };
const arn = `arn:aws:logs:${region}:${account}:log-group:${place.group}`;
const { group: logGroupName, stream: logStreamName } = place;

let sandbox: Sandbox;
let client: CloudWatchLogsClient;
beforeEach(async () => {
  sandbox = await logSandbox(
    {},
    {
      logGroups: [
        { account: 'dev-1', region, name: '/seeded', retentionDays: 7 },
        { account, region, name: '/other', streams: [{ name: 's', lines: ['a', 'b'] }] },
      ],
    },
  );
  client = logsClient(sandbox);
});
afterEach(() => sandbox.close());

describe('a group or stream', () => {
  test('that is missing is named as AWS names it', async () => {
    await expect(read(client)).rejects.toMatchObject(noGroup);
    await client.send(new CreateLogGroupCommand({ logGroupName }));
    await expect(read(client)).rejects.toMatchObject(noStream);
    await expect(
      client.send(new DescribeLogStreamsCommand({ logGroupName: '/none' })),
    ).rejects.toMatchObject(noGroup);
    await expect(
      client.send(new CreateLogStreamCommand({ logGroupName: '/none', logStreamName })),
    ).rejects.toMatchObject(noGroup);
  });

  test('is created once', async () => {
    const createGroup = () => client.send(new CreateLogGroupCommand({ logGroupName }));
    const createStream = () =>
      client.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
    await createGroup();
    await expect(createGroup()).rejects.toMatchObject({ name: 'ResourceAlreadyExistsException' });
    await createStream();
    await expect(createStream()).rejects.toMatchObject({ name: 'ResourceAlreadyExistsException' });
    expect((await read(client)).events).toEqual([]);
  });

  test('has a name of the characters that AWS allows', async () => {
    await expect(
      client.send(new CreateLogGroupCommand({ logGroupName: 'a b' })),
    ).rejects.toMatchObject(invalid);
    await expect(
      client.send(new CreateLogStreamCommand({ logGroupName: '/seeded', logStreamName: 'a:b' })),
    ).rejects.toMatchObject(invalid);
  });

  test('belongs to its account', async () => {
    writeLines(sandbox, 'here');
    expect((await read(client)).text).toBe('here\n');
    await expect(read(logsClient(sandbox, '000000000000'))).rejects.toMatchObject(noGroup);
  });

  test('is named by name or by ARN, in one way only', async () => {
    writeLines(sandbox, 'one');
    const get = (named: { logGroupName?: string; logGroupIdentifier?: string }) =>
      client.send(new GetLogEventsCommand({ logStreamName, ...named }));
    for (const logGroupIdentifier of [logGroupName, arn])
      expect((await get({ logGroupIdentifier })).events).toHaveLength(1);
    await expect(get({ logGroupName, logGroupIdentifier: arn })).rejects.toMatchObject(invalid);
    await expect(get({})).rejects.toMatchObject(invalid);
    await expect(get({ logGroupIdentifier: `${arn}:*` })).rejects.toMatchObject(invalid);
    const foreign = arn.replace(account, '222222222222');
    await expect(get({ logGroupIdentifier: foreign })).rejects.toMatchObject(noGroup);
  });
});

describe('a list', () => {
  test('of groups has those of the fleet, by name or part of it', async () => {
    const names = async (input = {}) =>
      (await client.send(new DescribeLogGroupsCommand(input))).logGroups?.map(
        (group) => group.logGroupName,
      );
    expect(await names()).toEqual(['/other', '/seeded']);
    expect(await names({ logGroupNamePrefix: '/s' })).toEqual(['/seeded']);
    expect(await names({ logGroupNamePattern: 'EED' })).toEqual(['/seeded']);
    const both = { logGroupNamePrefix: '/s', logGroupNamePattern: 's' };
    await expect(names(both)).rejects.toMatchObject(invalid);
    const { logGroups } = await client.send(
      new DescribeLogGroupsCommand({ logGroupNamePrefix: '/s' }),
    );
    const groupArn = `arn:aws:logs:${region}:${account}:log-group:/seeded`;
    expect(logGroups).toMatchObject([
      { arn: `${groupArn}:*`, logGroupArn: groupArn, retentionInDays: 7 },
    ]);
  });

  test('of streams is paged by name, and shows one that was created meanwhile', async () => {
    for (const name of ['a', 'b', 'd'])
      sandbox.services.logs.openStream({ ...place, stream: name });
    const names: (string | undefined)[] = [];
    for await (const page of paginateDescribeLogStreams({ client }, { logGroupName, limit: 2 })) {
      names.push(...(page.logStreams ?? []).map((stream) => stream.logStreamName));
      sandbox.services.logs.openStream({ ...place, stream: 'aa' });
      sandbox.services.logs.openStream({ ...place, stream: 'c' });
    }
    expect(names).toEqual(['a', 'b', 'c', 'd']);
  });

  test('of streams shows their times, the last written first on request', async () => {
    const at = Math.floor(sandbox.clock.now()) - 1000;
    ['x', 'y', 'z'].forEach((name, index) =>
      sandbox.services.logs.append({ ...place, stream: name }, [
        { timestamp: at + index, message: '1' },
        { timestamp: at + 100 * (3 - index), message: '2' },
      ]),
    );
    const list = async (input: object) =>
      (await client.send(new DescribeLogStreamsCommand({ logGroupName, ...input }))).logStreams;
    const byTime = { orderBy: 'LastEventTime', descending: true } as const;
    expect((await list(byTime))?.map((s) => s.logStreamName)).toEqual(['x', 'y', 'z']);
    expect(await list({ logStreamNamePrefix: 'y' })).toMatchObject([
      {
        logStreamName: 'y',
        firstEventTimestamp: at + 1,
        lastEventTimestamp: at + 200,
        arn: `${arn}:log-stream:y`,
        storedBytes: 0,
      },
    ]);
    await expect(list({ ...byTime, logStreamNamePrefix: 'y' })).rejects.toMatchObject(invalid);
    await expect(list({ nextToken: 'nonsense' })).rejects.toMatchObject(invalid);
  });
});

describe('PutLogEvents', () => {
  const put = async (logEvents: InputLogEvent[]) =>
    client.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
  const hour = 3_600_000;
  beforeEach(() => sandbox.services.logs.openStream(place));

  test('writes a batch, which can be read at once', async () => {
    const now = Math.floor(sandbox.clock.now());
    await put(numbered(1, 3).map((message) => ({ timestamp: now, message: `${message}\n` })));
    expect((await read(client)).text).toBe('line 1\nline 2\nline 3\n');
  });

  test('leaves out what is too old or too new, and says which', async () => {
    const now = Math.floor(sandbox.clock.now());
    const event = (timestamp: number) => ({ timestamp, message: String(timestamp - now) });
    const old = now - 14 * 24 * hour;
    const answer = await put([event(old - 20_000), event(old - 10_000)]);
    expect(answer.rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 2 });
    const later = await put([event(now), event(now + 2 * hour + 10_000)]);
    expect(later.rejectedLogEventsInfo).toEqual({ tooNewLogEventStartIndex: 1 });
    expect((await read(client)).text).toBe('0');
  });

  test.each([
    ['out of order', [{ at: 0 }, { at: -1 }], 'chronological order'],
    ['more than a day', [{ at: -25 * hour }, { at: 0 }], 'more than 24 hours'],
    ['more than 1 MB', [{ at: 0, size: 1_048_551 }], 'exceeds limit of 1048576'],
  ])('refuses a batch that is %s', async (_, events, message) => {
    const now = Math.floor(sandbox.clock.now());
    const batch = events.map(({ at, size = 1 }: { at: number; size?: number }) => ({
      timestamp: now + at,
      message: 'x'.repeat(size),
    }));
    await expect(put(batch)).rejects.toMatchObject(invalid);
    await expect(put(batch)).rejects.toThrow(message);
    expect((await read(client)).events).toEqual([]);
  });
});

test("the SDK's own paginator reads a stream to its end", async () => {
  let text = '';
  const input = { logGroupName: '/other', logStreamName: 's', startFromHead: true, limit: 1 };
  for await (const { events } of paginateGetLogEvents({ client, stopOnSameToken: true }, input))
    text += (events ?? []).map(({ message }) => message).join(' ');
  expect(text).toBe('ab');
});

test('the ledger says which stream was read, and a quota limits how often', async () => {
  await sandbox.close();
  sandbox = await logSandbox(
    {},
    { quotas: [{ service: 'logs', actions: ['GetLogEvents'], perSecond: 10 }] },
  );
  client = logsClient(sandbox);
  writeLines(sandbox, 'one');
  for (let call = 0; call < 10; call++) await read(client);
  await expect(read(client)).rejects.toThrow('Rate exceeded');
  await expect(client.send(new DescribeLogGroupsCommand({}))).resolves.toBeDefined();
  const reads = sandbox.ledger.entries({ action: 'GetLogEvents', outcome: 'ok' });
  expect(reads).toHaveLength(10);
  expect(reads[0]).toMatchObject({ service: 'logs', subject: `${logGroupName}:${logStreamName}` });
});
