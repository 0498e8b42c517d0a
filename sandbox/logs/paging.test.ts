import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Sandbox } from '../index.js';
import { drain, logSandbox, logsClient, numbered, place, read, writeLines } from './testing.js';

let sandbox: Sandbox;
let client: CloudWatchLogsClient;
beforeEach(async () => {
  sandbox = await logSandbox();
  client = logsClient(sandbox);
});
afterEach(() => sandbox.close());

describe('a page', () => {
  test('holds 10,000 events at most', async () => {
    writeLines(sandbox, ...numbered(1, 10_001));
    const { pages, text } = await drain(client);
    expect(pages.map(({ events }) => events.length)).toEqual([10_000, 1]);
    expect(text).toBe(sandbox.services.logs.text(place));
  });

  test('holds 1 MB at most, where each event counts its UTF-8 bytes and 26 more', async () => {
    const line = 'é'.repeat(499); // With its line break 999 bytes.
    writeLines(sandbox, ...Array.from({ length: 1100 }, () => line));
    const { pages } = await drain(client);
    const fitting = Math.floor(1_048_576 / (999 + 26));
    expect(pages.map(({ events }) => events.length)).toEqual([fitting, 1100 - fitting]);
  });

  test('holds an event that is larger than a page', async () => {
    writeLines(sandbox, 'before', 'x'.repeat(2_000_000), 'after');
    const { pages } = await drain(client);
    expect(pages.map(({ text }) => text.length)).toEqual([7, 2_000_001, 6]);
  });

  test('holds no more than the limit', async () => {
    writeLines(sandbox, ...numbered(1, 7));
    const { pages } = await drain(client, { limit: 3 });
    expect(pages.map(({ events }) => events.length)).toEqual([3, 3, 1]);
    await expect(read(client, { limit: 10_001 })).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });

  test('says of each event when it happened and when it was taken in', async () => {
    const now = Math.floor(sandbox.clock.now());
    const times = [now - 5000, now - 5000, now - 4000, now];
    const messages = ['"\u001b[32mü\\\r\n', '\u2028', '😀', '\ud800'];
    const events = times.map((timestamp, index) => ({ timestamp, message: messages[index] ?? '' }));
    sandbox.services.logs.append(place, events);
    sandbox.clock.skip(1);
    sandbox.services.logs.append(place, [{ timestamp: now, message: 'later' }]);
    expect((await read(client)).events).toEqual([
      ...events.map((event) => ({ ...event, ingestionTime: now })),
      { timestamp: now, message: 'later', ingestionTime: now + 1000 },
    ]);
  });

  test('may hold less than would fit, and leaves nothing out', async () => {
    await sandbox.close();
    sandbox = await logSandbox({ partialPageShare: 1 });
    client = logsClient(sandbox);
    writeLines(sandbox, ...numbered(1, 500));
    const { pages, text } = await drain(client);
    expect(pages.length).toBeGreaterThan(1);
    expect(pages.every(({ events }) => events.length > 0)).toBe(true);
    expect(text).toBe(sandbox.services.logs.text(place));
  });
});

describe('without a token', () => {
  test('and without startFromHead, the newest page comes, oldest event first', async () => {
    writeLines(sandbox, ...numbered(1, 5));
    const newest = await read(client, { startFromHead: false, limit: 2 });
    expect(newest.text).toBe('line 4\nline 5\n');
    const older = await read(client, { nextToken: newest.backward, limit: 2 });
    expect(older.text).toBe('line 2\nline 3\n');
    const oldest = await read(client, { nextToken: older.backward, limit: 2 });
    expect(oldest.text).toBe('line 1\n');
    const none = await read(client, { nextToken: oldest.backward, limit: 2 });
    expect(none).toMatchObject({ text: '', backward: oldest.backward });
    const onwards = await read(client, { nextToken: older.forward });
    expect(onwards.text).toBe('line 4\nline 5\n');
  });

  test('a stream without events has tokens, too', async () => {
    sandbox.services.logs.openStream(place);
    const { events, forward, backward } = await read(client);
    expect(events).toEqual([]);
    expect(forward).toMatch(/^f\/\d{30,}$/);
    expect(backward).toMatch(/^b\/\d{30,}$/);
  });
});

test('a time range includes its start and excludes its end, with a token as without', async () => {
  const start = Math.floor(sandbox.clock.now()) - 10_000;
  const at = (index: number) => start + index * 1000;
  sandbox.services.logs.append(
    place,
    [0, 1, 2, 3, 4, 5].map((index) => ({ timestamp: at(index), message: `${index} ` })),
  );
  const range = { startTime: at(1), endTime: at(5) };
  expect((await read(client, range)).text).toBe('1 2 3 4 ');
  expect((await read(client, { ...range, startFromHead: false, limit: 2 })).text).toBe('3 4 ');
  const { forward } = await read(client, { ...range, limit: 2 });
  expect((await read(client, { ...range, nextToken: forward })).text).toBe('3 4 ');
  const last = await drain(client, range);
  expect((await read(client, { nextToken: last.token })).text).toBe('5 ');
  expect((await read(client, { startTime: at(9) })).events).toEqual([]);
});

test('a stale read sees the log as it was, and the reader goes on from there', async () => {
  writeLines(sandbox, 'old');
  sandbox.clock.skip(60);
  writeLines(sandbox, 'new');
  sandbox.faults.add({ kind: 'staleRead', share: 1, seconds: 30 });
  const stale = await read(client);
  expect(stale.text).toBe('old\n');
  sandbox.faults.clear();
  expect((await read(client, { nextToken: stale.forward })).text).toBe('new\n');
});
