import { SandboxAdmin } from '../../../sandbox/admin-client.js';
import { NightshiftClient } from '../../client/index.js';
import { type UsableServer, ensureServer, progressOn } from '../../temporal/index.js';
import type { Output } from '../output.js';
import type { DemoChild } from './child.js';
import { demoConfig, speed, writeConfig } from './config.js';
import { type DemoFleet, writeFleet } from './fleet.js';
import type { DemoFolder } from './folder.js';
import { labelled } from './lines.js';
import type { DemoProcesses } from './processes.js';
import { unlessStopped } from './stopping.js';

/** The server that is there, or one of this checkout. */
export async function findOrStartServer(signal: AbortSignal): Promise<UsableServer> {
  const progress = progressOn(process.stderr);
  return await ensureServer({ local: true, onProgress: progress.show, signal }).finally(
    progress.done,
  );
}

interface Means {
  folder: DemoFolder;
  output: Output;
  server: UsableServer;
  processes: DemoProcesses;
  taskQueue: string;
}

/** All that the demo plays with. */
export interface Stage extends Means {
  fleet: DemoFleet;
  config: string;
  sandbox: { url: string; admin: SandboxAdmin };
  nightshift: NightshiftClient;
  worker: DemoChild;
}

/** Starts what the demo plays with, and says so. */
export async function setUp(means: Means): Promise<Stage> {
  const { folder, output, server, processes, taskQueue } = means;
  const ready = (label: string, text: string) =>
    output.print(labelled(`${output.paint.green('✔')} ${label}`, text, output, 15).join('\n'));
  const how = server.kind === 'embedded' ? 'started here, state in .nightshift' : server.foundBy;
  ready('Temporal', `${server.address}, ${how}`);

  const fleet = await writeFleet(folder.file('fleet.yaml'));
  const { url, pid } = await processes.startSandbox(folder.file('fleet.yaml'));
  const admin = new SandboxAdmin(url);
  const stacks = await admin.stacks();
  ready(
    'Sandbox',
    `${fleet.accounts} accounts × ${fleet.regions} regions, ${stacks.length} stacks, time × ${speed}; process ${pid}`,
  );

  const config = await writeConfig(folder, demoConfig(server, taskQueue));
  ready('Config', `${config}, with the policies beside it`);

  const nightshift = await NightshiftClient.connect({ server, taskQueue });
  const { process: worker, ready: polls } = await processes.startWorker(config, url, nightshift);
  await unlessStopped(processes.signal, polls);
  ready('Worker 1', `process ${worker.pid}, on the task queue ${taskQueue}`);
  output.print();
  return { ...means, fleet, config, sandbox: { url, admin }, nightshift, worker };
}
