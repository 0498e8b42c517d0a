import { SandboxAdmin } from '../../../../sandbox/admin-client.js';
import type { Means } from '../demonstrate.js';
import { ready } from '../lines.js';
import { type Employment, startFirstWorker } from '../workers.js';
import { demoConfig, speed, writeConfig } from './config.js';
import { type DemoFleet, writeFleet } from './fleet.js';

/** All that the demo plays with. */
export interface Stage extends Employment {
  fleet: DemoFleet;
  sandbox: { url: string; admin: SandboxAdmin };
}

/** Starts what the demo plays with, and says so. */
export async function setUp(means: Means): Promise<Stage> {
  const { folder, output, server, processes, taskQueue } = means;
  const fleet = await writeFleet(folder.file('fleet.yaml'));
  const { url, pid } = await processes.startSandbox(folder.file('fleet.yaml'), speed);
  const admin = new SandboxAdmin(url);
  const stacks = await admin.stacks();
  ready(
    'Sandbox',
    `${fleet.accounts} accounts × ${fleet.regions} regions, ${stacks.length} stacks, time × ${speed}; process ${pid}`,
    output,
  );

  const config = await writeConfig(folder, demoConfig(server, taskQueue));
  ready('Config', `${config}, with the policies beside it`, output);

  const worker = await startFirstWorker(means, config, url);
  output.print();
  return { ...means, fleet, config, sandbox: { url, admin }, worker };
}
