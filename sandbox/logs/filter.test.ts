import {
  FilterLogEventsCommand,
  paginateFilterLogEvents,
  type CloudWatchLogsClient,
  type FilterLogEventsCommandInput,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Random } from '../core/random.js';
import type { Sandbox } from '../index.js';
import { logSandbox, logsClient, place } from './testing.js';

const { group: logGroupName } = place;

let sandbox: Sandbox;
let client: CloudWatchLogsClient;
let start: number;
beforeEach(async () => {
  sandbox = await logSandbox();
  client = logsClient(sandbox);
  start = Math.floor(sandbox.clock.now()) - 100_000;
});
afterEach(() => sandbox.close());

const write = (stream: string, ...seconds: number[]) =>
  sandbox.services.logs.append(
    { ...place, stream },
    seconds.map((second, index) => ({
      timestamp: start + second * 1000,
      message: `${stream}${index}`,
    })),
  );

async function filter(input: Partial<FilterLogEventsCommandInput> = {}) {
  const pages: string[][] = [];
  for await (const page of paginateFilterLogEvents({ client }, { logGroupName, ...input }))
    pages.push((page.events ?? []).map(({ message = '' }) => message));
  return pages;
}

test('events of all streams come in order of time, those of one moment by stream', async () => {
  write('b', 1, 2, 2, 5);
  write('a', 2, 2, 3);
  expect(await filter()).toEqual([['b0', 'a0', 'a1', 'b1', 'b2', 'a2', 'b3']]);
  expect(await filter({ limit: 3 })).toEqual([['b0', 'a0', 'a1'], ['b1', 'b2', 'a2'], ['b3']]);
});

test('streams are chosen by name or prefix, events by time, the end of which is included', async () => {
  write('web-1', 1, 2, 3, 4);
  write('job-1', 2);
  expect(await filter({ logStreamNames: ['job-1'] })).toEqual([['job-10']]);
  expect(
    await filter({ logStreamNamePrefix: 'web', startTime: start + 2000, endTime: start + 3000 }),
  ).toEqual([['web-11', 'web-12']]);
  await expect(
    filter({ logStreamNames: ['web-1'], logStreamNamePrefix: 'web' }),
  ).rejects.toMatchObject({ name: 'InvalidParameterException' });
  await expect(filter({ logStreamNames: ['none'] })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

test('each event has an id of its own and says where it is from', async () => {
  write('a', 1, 1);
  write('b', 1);
  const { events, searchedLogStreams } = await client.send(
    new FilterLogEventsCommand({ logGroupName }),
  );
  expect(new Set(events?.map(({ eventId }) => eventId)).size).toBe(3);
  expect(events?.map(({ logStreamName }) => logStreamName)).toEqual(['a', 'a', 'b']);
  expect(searchedLogStreams).toEqual([]);
});

test('a pattern is refused rather than ignored', async () => {
  write('a', 1);
  await expect(filter({ filterPattern: 'ERROR' })).rejects.toThrow('not by pattern');
  expect(await filter({ filterPattern: '' })).toEqual([['a0']]);
});

test('a token of another group, of the day before or of nobody is refused', async () => {
  write('a', 1, 2);
  sandbox.services.logs.append({ ...place, group: '/two' }, [{ timestamp: start, message: 'x' }]);
  const { nextToken } = await client.send(new FilterLogEventsCommand({ logGroupName, limit: 1 }));
  const refused = { name: 'InvalidParameterException' };
  await expect(filter({ logGroupName: '/two', nextToken })).rejects.toMatchObject(refused);
  await expect(filter({ nextToken: 'e30' })).rejects.toMatchObject(refused);
  sandbox.clock.skip(24 * 3600 + 1);
  await expect(filter({ nextToken })).rejects.toMatchObject(refused);
});

const seeds = Array.from({ length: 8 }, () => Math.floor(Math.random() * 2 ** 31));
test.each(seeds)('pages, empty ones between, leave nothing out (seed %i)', async (seed) => {
  await sandbox.close();
  sandbox = await logSandbox({ emptyPageShare: 0.6 }, { seed });
  client = logsClient(sandbox);
  const random = new Random(seed);
  const written: { second: number; message: string; order: number }[] = [];
  ['s0', 's1', 's2', 's3'].forEach((stream, order) => {
    const seconds = Array.from({ length: 20 }, () => random.integer(0, 15)).sort((a, b) => a - b);
    write(stream, ...seconds);
    seconds.forEach((second, index) =>
      written.push({ second, message: `${stream}${index}`, order: order * 100 + index }),
    );
  });
  written.sort((a, b) => a.second - b.second || a.order - b.order);
  const pages = await filter({ limit: random.integer(1, 5) });
  expect(pages.flat()).toEqual(written.map(({ message }) => message));
  expect(pages).toContainEqual([]);
});
