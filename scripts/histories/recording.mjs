// What all recordings share: a stage to play on, and a history written without what tells of a machine.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { SandboxAdmin } from '../../dist/sandbox/admin-client.js';
import { defineFleet, startSandbox } from '../../dist/sandbox/index.js';
import { NightshiftClient } from '../../dist/src/client/index.js';
import { createWorker } from '../../dist/src/worker.js';

const { History } = proto.temporal.api.history.v1;
export const folder = join(import.meta.dirname, '../../test/replay/histories');

/** No recording waits for its turn. */
export const fast = { perSecond: 1000, burst: 1000 };

/**
 * Plays on a sandbox with a worker of its own; `idle` ends the worker, so that nothing more is written.
 * `host` is where the sandbox listens: histories hold the addresses of what is not AWS, and no address of a machine may
 * stand there. `config` makes the worker's own config of the sandbox's address.
 */
export async function onStage({ server, name, fleet, host, config }, play) {
  const sandbox = await startSandbox({
    fleet: defineFleet(fleet),
    speed: 100,
    ...(host ? { host } : {}),
  });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: sandbox.url,
    AWS_ACCESS_KEY_ID: '000000000000',
    AWS_SECRET_ACCESS_KEY: 'sandbox',
    AWS_REGION: fleet.regions[0],
  });
  const taskQueue = `histories-${name}`;
  const own = config?.(sandbox.url);
  const worker = await createWorker({
    server,
    taskQueue,
    ...(own ? { ownSetup: () => Promise.resolve({ config: own, policies: [] }) } : {}),
  });
  const running = worker.run();
  const idle = async () => {
    worker.stop();
    await running;
  };
  const nightshift = await NightshiftClient.connect({ server, taskQueue });
  const connection = await Connection.connect({ address: server.address });
  try {
    const client = new Client({ connection });
    await play({ sandbox, admin: new SandboxAdmin(sandbox.url), nightshift, client, idle });
  } finally {
    await idle();
    await nightshift.close();
    await connection.close();
    await sandbox.close();
  }
  process.stdout.write(`${name}\n`);
}

/** As JSON that can be read and compared: payloads in base64, numbers of 64 bits as text, enums by name. */
export async function save(client, name, workflowId, runId) {
  const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  const { events } = History.toObject(history, { bytes: String, longs: String, enums: String });
  forgetMachine(events);
  const file = { workflowId, history: { events } };
  await writeFile(join(folder, `${name}.json`), `${JSON.stringify(file, null, 1)}\n`);
}

/**
 * Who worked on it, on which machine and from which folder is nobody's business, and replay does not ask: identities
 * (`<pid>@<host>`), the queues named after them, and stack traces.
 */
function forgetMachine(value) {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, each] of Object.entries(value)) {
    if (key === 'identity' || key === 'stackTrace') value[key] = '';
    else if (key === 'taskQueue' && each?.kind === 'TASK_QUEUE_KIND_STICKY') each.name = 'sticky';
    else forgetMachine(each);
  }
}

/** Looks until it is so. */
export async function until(look) {
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    await tick();
  }
}

export function tick() {
  return new Promise((resolve) => setTimeout(resolve, 30));
}
