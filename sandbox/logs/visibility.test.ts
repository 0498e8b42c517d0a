import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SandboxAdmin } from '../admin-client.js';
import type { Sandbox } from '../index.js';
import { account, region } from '../testing/fleets.js';
import { drain, logSandbox, logsClient, place, read, writeLines } from './testing.js';

let sandbox: Sandbox;
let client: CloudWatchLogsClient;
beforeEach(async () => {
  sandbox = await logSandbox();
  client = logsClient(sandbox);
});
afterEach(() => sandbox.close());

test('an event that becomes visible late is seen by a reader who waits at the end', async () => {
  const { logs } = sandbox.services;
  const timestamp = sandbox.clock.now();
  logs.append(place, [
    { timestamp, message: 'at once\n' },
    { timestamp, message: 'late\n', visibleAt: timestamp + 8000 },
  ]);
  const { text, token } = await drain(client);
  expect(text).toBe('at once\n');
  sandbox.clock.skip(7);
  expect((await read(client, { nextToken: token })).forward).toBe(token);
  sandbox.clock.skip(1);
  expect((await read(client, { nextToken: token })).text).toBe('late\n');
});

test('an event never overtakes one that came before and is not visible yet', async () => {
  const timestamp = sandbox.clock.now();
  sandbox.services.logs.append(place, [
    { timestamp, message: 'late\n', visibleAt: timestamp + 5000 },
  ]);
  writeLines(sandbox, 'at once');
  sandbox.services.logs.generate(place, {
    count: 9,
    timestampOf: () => timestamp,
    line: (index) => `${index}\n`,
  });
  expect((await read(client)).text).toBe('');
  sandbox.clock.skip(5);
  expect((await read(client)).text).toBe('late\nat once\n0\n1\n2\n3\n4\n5\n6\n7\n8\n');
});

test('an event that is stamped earlier than the last one is given its time', async () => {
  const timestamp = Math.floor(sandbox.clock.now());
  writeLines(sandbox, 'first');
  sandbox.services.logs.append(place, [{ timestamp: timestamp - 60_000, message: 'second\n' }]);
  const { text, events } = await read(client);
  expect(text).toBe('first\nsecond\n');
  expect(events.map((event) => event.timestamp)).toEqual([timestamp, timestamp]);
});

test('a log that is made up while it is read appears line by line as time goes', async () => {
  const start = sandbox.clock.now();
  sandbox.services.logs.generate(place, {
    count: 600,
    timestampOf: (index) => start + index * 1000,
    line: (index) => `${index}\n`,
  });
  writeLines(sandbox, 'appended behind it');
  const { text, token } = await drain(client);
  expect(text).toBe('0\n');
  sandbox.clock.skip(3);
  expect((await read(client, { nextToken: token })).text).toBe('1\n2\n3\n');
  sandbox.clock.skip(600);
  expect((await drain(client)).text).toBe(sandbox.services.logs.text(place));
  expect(sandbox.services.logs.text(place)).toMatch(/599\nappended behind it\n$/);
});

test('a log that was cut ends there, and keeps what was seen', async () => {
  const { logs } = sandbox.services;
  const start = sandbox.clock.now();
  logs.generate(place, {
    count: 100,
    timestampOf: (index) => start + index * 1000,
    line: (index) => `${index}\n`,
  });
  sandbox.clock.skip(2);
  logs.cut(place, start + 1000);
  logs.append(place, [{ timestamp: start + 3000, message: 'stopped\n' }]);
  expect(logs.text(place)).toBe('0\n1\n2\nstopped\n');
  expect(logs.bytes(place)).toBe(14);
  expect((await read(client)).text).toBe('0\n1\n2\nstopped\n');
});

test('a log of 100 MB takes no memory to speak of, and any part of it is read at once', async () => {
  const { logs } = sandbox.services;
  const line = (index: number) => `${String(index).padStart(99, '.')}\n`;
  const before = process.memoryUsage().heapUsed;
  const end = sandbox.clock.now();
  const timestampOf = (index: number) => end - 1_000_000 + index;
  logs.generate(place, { count: 1_000_000, timestampOf, line });
  expect(logs.bytes(place)).toBe(100_000_000);
  const newest = await read(client, { startFromHead: false, limit: 1 });
  expect(newest.text).toBe(line(999_999));
  expect((await read(client, { startTime: Math.floor(timestampOf(500_000)), limit: 1 })).text).toBe(
    line(500_000),
  );
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(100_000_000);
});

test('the admin API shows the whole log, what is not visible yet included', async () => {
  const admin = new SandboxAdmin(sandbox.url);
  const timestamp = sandbox.clock.now();
  sandbox.services.logs.append(place, [
    { timestamp, message: 'ä\n', visibleAt: timestamp + 60_000 },
    { timestamp, message: 'no line break' },
  ]);
  expect(await admin.logText(place.group, place.stream, 'dev-1', region)).toBe('ä\nno line break');
  expect(sandbox.services.logs.bytes(place)).toBe(16);
  await expect(admin.logText(place.group, 'none', account, region)).rejects.toThrow(
    /no log \/codebuild\/app:none in 111111111111\/us-east-1/,
  );
});
