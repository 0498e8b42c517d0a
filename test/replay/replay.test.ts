import { readFile, readdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import proto from '@temporalio/proto';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { expect, test } from 'vitest';
import { z } from 'zod';
import * as workflows from '../../src/workflows/index.js';
import { packageRoot } from '../../src/temporal/package-root.js';

Runtime.install({ logger: new DefaultLogger('ERROR') });

// Recorded by `npm run histories`. What runs today must go on running with tomorrow's code: a change that one of these
// does not replay needs `patched`, or an answer to what becomes of the runs that are under way.
const folder = join(packageRoot(), 'test/replay/histories');
const { History } = proto.temporal.api.history.v1;
type IHistory = proto.temporal.api.history.v1.IHistory;
const recordingSchema = z.object({
  workflowId: z.string(),
  history: z.object({ events: z.array(z.record(z.string(), z.unknown())).min(1) }),
});

const names = (await readdir(folder))
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.slice(0, -5));

// A worker that is made to trace takes over what one without traces began, and the other way round.
const bundles = ['bundle.js', 'bundle-traced.js'];

test.each(names.flatMap((name) => bundles.map((bundle) => ({ name, bundle }))))(
  'a history of $name replays with $bundle',
  async ({ name, bundle }) => {
    const { workflowId, history } = await recording(name);
    expect(await problemOf(workflowId, history, bundle), name).toBeUndefined();
  },
);

test('every workflow type has a history', async () => {
  const recorded = await Promise.all(
    names.map(async (name) => {
      const [first] = (await recording(name)).history.events ?? [];
      return first?.workflowExecutionStartedEventAttributes?.workflowType?.name;
    }),
  );
  expect([...new Set(recorded)].sort()).toEqual(Object.keys(workflows).sort());
});

test.each(bundles)(
  'a history that the code did not write does not replay with %s',
  async (bundle) => {
    const { workflowId, history } = await recording('cleanupTarget-waves');
    const scheduled = (history.events ?? []).flatMap(
      ({ activityTaskScheduledEventAttributes }) => activityTaskScheduledEventAttributes ?? [],
    );
    scheduled[1]!.activityType = { name: 'deleteEverything' };
    expect(await problemOf(workflowId, history, bundle)).toMatch(/deleteEverything/);
  },
);

test.each(names)(
  'the history of %s is small, names no machine and holds no secret',
  async (name) => {
    const { text, history } = await recording(name);
    expect(text.length).toBeLessThan(200_000);
    const strings = [...stringsOf(history)];
    expect(strings.length).toBeGreaterThan(20);
    const telling = new RegExp(
      // `<pid>@<host>`, folders, addresses, what AWS calls its keys, what the sandbox is entered with.
      `\\d+@|@${hostname()}\\b|/(?:home|root|tmp|Users)/|${packageRoot()}|node_modules|127\\.0\\.0\\.1|localhost|AKIA|secret`,
      'i',
    );
    // The SDK's own name and version is written with an @.
    expect(
      strings.filter((each) => telling.test(each.replace(/^@temporalio\/worker@/, ''))),
    ).toEqual([]);
  },
);

async function recording(name: string) {
  const text = await readFile(join(folder, `${name}.json`), 'utf8');
  const { workflowId, history } = recordingSchema.parse(JSON.parse(text));
  return { text, workflowId, history: History.fromObject(history) as IHistory };
}

/** Every text in a history, those inside of payloads included. */
function* stringsOf(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (value instanceof Uint8Array) yield Buffer.from(value).toString();
  else if (typeof value === 'object' && value !== null)
    for (const each of Object.values(value)) yield* stringsOf(each);
}

async function problemOf(
  workflowId: string,
  history: IHistory,
  bundle: string,
): Promise<string | undefined> {
  const workflowBundle = { codePath: join(packageRoot(), 'dist/workflows', bundle) };
  // Where the traced bundle sends its spans.
  const sinks = { exporter: { export: { fn: () => undefined } } };
  const replayed = Worker.runReplayHistories({ workflowBundle, sinks }, [{ workflowId, history }]);
  for await (const { error } of replayed) if (error) return error.message;
  return undefined;
}
