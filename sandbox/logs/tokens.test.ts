import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Sandbox } from '../index.js';
import { drain, logSandbox, logsClient, numbered, place, read, writeLines } from './testing.js';

const invalidToken = {
  name: 'InvalidParameterException',
  message: 'The specified nextToken is invalid.',
};

let sandbox: Sandbox;
let client: CloudWatchLogsClient;
beforeEach(async () => {
  sandbox = await logSandbox();
  client = logsClient(sandbox);
});
afterEach(() => sandbox.close());

describe('a token', () => {
  test('comes back as it was sent at the end, until there is more', async () => {
    writeLines(sandbox, 'one', 'two');
    const { forward } = await read(client);
    const atEnd = await read(client, { nextToken: forward });
    expect(atEnd).toMatchObject({ text: '', forward });
    writeLines(sandbox, 'three');
    const more = await read(client, { nextToken: forward });
    expect(more.text).toBe('three\n');
    expect(more.forward).not.toBe(forward);
  });

  test('is good for 24 hours, however often it came back', async () => {
    writeLines(sandbox, 'one');
    const { forward } = await read(client);
    sandbox.clock.skip(23 * 3600);
    expect((await read(client, { nextToken: forward })).forward).toBe(forward);
    sandbox.clock.skip(3601);
    await expect(read(client, { nextToken: forward })).rejects.toMatchObject(invalidToken);
    expect((await read(client)).text).toBe('one\n');
  });

  test('of another stream is refused', async () => {
    writeLines(sandbox, 'one');
    const { forward } = await read(client);
    sandbox.services.logs.openStream({ ...place, stream: 'run-2' });
    await expect(
      read(client, { logStreamName: 'run-2', nextToken: forward }),
    ).rejects.toMatchObject(invalidToken);
  });

  test.each(['', 'f/1', 'next', `x/${'0'.repeat(43)}`])('like "%s" is refused', async (token) => {
    writeLines(sandbox, 'one');
    await expect(read(client, { nextToken: token })).rejects.toMatchObject(invalidToken);
  });
});

describe('empty pages with more to come', () => {
  const restart = async (seed: number, emptyPageShare: number) => {
    await sandbox.close();
    sandbox = await logSandbox({ emptyPageShare }, { seed });
    client = logsClient(sandbox);
    writeLines(sandbox, ...numbered(1, 60));
  };
  const sizes = async () => (await drain(client, { limit: 1 })).pages.map((p) => p.events.length);

  test('come with a new token each, and nothing is lost over them', async () => {
    await restart(1, 0.5);
    const { pages, text } = await drain(client, { limit: 1 });
    const empty = pages.filter(({ events }) => events.length === 0);
    expect(empty.length).toBeGreaterThan(10);
    expect(new Set(pages.map(({ forward }) => forward)).size).toBe(pages.length);
    expect(text).toBe(sandbox.services.logs.text(place));
  });

  test('come backwards, too', async () => {
    await restart(1, 0.5);
    let { text, backward } = await read(client, { startFromHead: false, limit: 7 });
    let empty = 0;
    for (let sent = ''; backward !== sent;) {
      sent = backward;
      const page = await read(client, { nextToken: sent, limit: 7 });
      if (page.text === '' && page.backward !== sent) empty += 1;
      text = page.text + text;
      backward = page.backward;
    }
    expect(empty).toBeGreaterThan(0);
    expect(text).toBe(sandbox.services.logs.text(place));
  });

  test('come at the same places with the same seed, and at others with another', async () => {
    await restart(1, 0.3);
    const first = await sizes();
    await restart(1, 0.3);
    expect(await sizes()).toEqual(first);
    await restart(2, 0.3);
    expect(await sizes()).not.toEqual(first);
  });

  test('come now and then unless the fleet says otherwise', async () => {
    await sandbox.close();
    sandbox = await logSandbox({ emptyPageShare: undefined });
    client = logsClient(sandbox);
    writeLines(sandbox, ...numbered(1, 300));
    expect(await sizes()).toContain(0);
  });
});
