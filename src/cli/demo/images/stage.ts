import { SandboxAdmin } from '../../../../sandbox/admin-client.js';
import type { LineHandle } from '../../../client/index.js';
import type { Means } from '../demonstrate.js';
import { ready } from '../lines.js';
import { type Employment, startFirstWorker } from '../workers.js';
import { baseOses, earlier, product, versions } from './cast.js';
import { type DemoLine, writeConfig } from './config.js';
import { type DemoFleet, copyRegion, region, speed, writeFleet } from './fleet.js';

/** All that the demo plays with. */
export interface Stage extends Employment {
  fleet: DemoFleet;
  sandbox: { url: string; admin: SandboxAdmin };
  demoLine: DemoLine;
  line: LineHandle;
}

/** Starts what the demo plays with, and says so. */
export async function setUp(means: Means): Promise<Stage> {
  const { folder, output, processes, nightshift, taskQueue } = means;
  const fleet = await writeFleet(folder.file('fleet.yaml'));
  const { url, pid } = await processes.startSandbox(folder.file('fleet.yaml'), speed);
  ready('Sandbox', `a mirror, CodeBuild and EC2, time × ${speed}; process ${pid}`, output);
  ready('Mirror', `${product} ${versions.join(', ')}`, output);
  ready(
    'Images',
    `${baseOses.length} of ${earlier.tagged}, which another tool has built and tagged`,
    output,
  );

  // A line has one owner on a server: no other demo has this one.
  const name = `runner-${taskQueue.replace(/^.*-/, '')}`;
  const demoLine = { line: name, channel: 'dev', tracker: `/nightshift/images/${name}` };
  const config = await writeConfig(means, url, fleet, demoLine);
  ready('Config', `${config}: built in ${region}, copied to ${copyRegion}`, output);

  const worker = await startFirstWorker(means, config, url);
  output.print();
  const { line, channel } = demoLine;
  return {
    ...means,
    fleet,
    config,
    sandbox: { url, admin: new SandboxAdmin(url) },
    worker,
    demoLine,
    line: nightshift.images.line(line, { channel }),
  };
}
