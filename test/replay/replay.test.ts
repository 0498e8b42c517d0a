import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import proto from '@temporalio/proto';
import { Worker } from '@temporalio/worker';
import { expect, test } from 'vitest';
import { z } from 'zod';
import * as workflows from '../../src/workflows/index.js';
import { packageRoot } from '../../src/temporal/package-root.js';

// Recorded by `npm run histories`. What runs today must go on running with tomorrow's code: a change that one of these
// does not replay needs `patched`, or an answer to what becomes of the runs that are under way.
const folder = join(packageRoot(), 'test/replay/histories');
const { History } = proto.temporal.api.history.v1;
const recordingSchema = z.object({ workflowId: z.string(), history: z.base64() });

const names = (await readdir(folder))
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.slice(0, -5));

test.each(names)('a history of %s replays', async (name) => {
  const { workflowId, history } = await recording(name);
  expect(await problemOf(workflowId, history)).toBeUndefined();
});

test('every workflow type has a history', () => {
  const recorded = new Set(names.map((name) => name.split('-')[0]));
  expect([...recorded].sort()).toEqual(Object.keys(workflows).sort());
});

test('a history that the code did not write does not replay', async () => {
  const { workflowId, history } = await recording('cleanupTarget-waves');
  const scheduled = history.events.filter(
    ({ activityTaskScheduledEventAttributes }) => activityTaskScheduledEventAttributes,
  );
  scheduled[1]!.activityTaskScheduledEventAttributes!.activityType = { name: 'deleteEverything' };
  expect(await problemOf(workflowId, history)).toMatch(/deleteEverything/);
});

test('histories name no machine and hold no secret', async () => {
  for (const name of names) {
    const { history } = await recording(name);
    // Who did the work: `<pid>@<host>`, unless it was left out.
    const text = JSON.stringify(history);
    expect([...text.matchAll(/"identity":"([^"]+)"/g)].map(([, identity]) => identity)).toEqual([]);
    const bytes = Buffer.from(History.encode(history).finish()).toString('latin1');
    expect(bytes).not.toMatch(/secret|\/home\/|\/root\/|\/tmp\//i);
  }
});

async function recording(name: string) {
  const text = await readFile(join(folder, `${name}.json`), 'utf8');
  const { workflowId, history } = recordingSchema.parse(JSON.parse(text));
  return { workflowId, history: History.decode(Buffer.from(history, 'base64')) };
}

async function problemOf(
  workflowId: string,
  history: proto.temporal.api.history.v1.IHistory,
): Promise<string | undefined> {
  const workflowBundle = { codePath: join(packageRoot(), 'dist/workflows/bundle.js') };
  for await (const { error } of Worker.runReplayHistories({ workflowBundle }, [
    { workflowId, history },
  ])) {
    if (error) return error.message;
  }
  return undefined;
}
