import { mkdir, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { SandboxAdmin } from '../../../../sandbox/admin-client.js';
import { loadConfig } from '../../../config/index.js';
import type { Means } from '../demonstrate.js';
import { ready } from '../lines.js';
import { unlessStopped } from '../stopping.js';
import { type Employment, startFirstWorker } from '../workers.js';
import { writeConfigs } from './config.js';
import { speed, writeFleet } from './fleet.js';
import type { Queues } from './work.js';

/** All that the demo plays with. */
export interface Stage extends Employment {
  sandbox: { url: string; admin: SandboxAdmin };
  queues: Queues;
  /** Folder that builds' logs are written to. */
  logs: string;
}

/** Starts what the demo plays with, and says so. */
export async function setUp(means: Means): Promise<Stage> {
  const { folder, output, processes, nightshift, taskQueue } = means;
  const own = taskQueue.replace(/^.*-/, '');
  const queues: Queues = { agent: `linux-${own}`, stacks: `heavy-${own}` };
  await writeFleet(folder.file('fleet.yaml'), queues);
  const { url, pid } = await processes.startSandbox(folder.file('fleet.yaml'), speed);
  ready('Sandbox', `CodeBuild, CloudWatch Logs and Buildkite; process ${pid}`, output);

  const configs = await writeConfigs(means, url, queues);
  ready(
    'Config',
    `${configs.agent} (the queue ${queues.agent}, as an agent) and ${configs.stacks} (${queues.stacks}, by the Stacks API)`,
    output,
  );
  const logs = resolve(folder.file('logs'));
  await rm(logs, { recursive: true, force: true });
  await mkdir(logs);

  const worker = await startFirstWorker(means, configs.agent, url);
  // The worker serves the queue of its own config; this one by what it is told here.
  const { config } = await loadConfig({ path: configs.stacks });
  await unlessStopped(processes.signal, nightshift.buildkite.serve({ config }));
  output.print();
  const admin = new SandboxAdmin(url);
  return { ...means, config: configs.agent, sandbox: { url, admin }, queues, logs, worker };
}
