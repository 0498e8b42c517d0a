import { setTimeout as delay } from 'node:timers/promises';
import type { SandboxAdmin } from '../../../../sandbox/admin-client.js';
import { exitCodes } from '../../exit.js';
import type { Demo, Means } from '../demonstrate.js';
import { paragraph } from '../lines.js';
import { unlessStopped } from '../stopping.js';
import { audit } from './audit.js';
import { cloudRecord } from './cloud-record.js';
import { glimpse } from './glimpse.js';
import { type BuildPiece, beginAll } from './pieces.js';
import { type Stage, setUp } from './stage.js';
import { renderSummary } from './summary.js';
import { watchAll } from './watch.js';

/** CodeBuild builds and Buildkite jobs are run; on the way the worker is killed, and another one goes on. */
export const buildsDemo: Demo = {
  title: 'Nightshift: builds and Buildkite jobs run in CodeBuild, and a worker dies',
  place:
    'A practice cloud on this machine; no AWS account and no Buildkite is touched. Its builds really run: in a shell, in real time.',
  perform,
};

async function perform(means: Means): Promise<number> {
  const stage = await setUp(means);
  const { output, nightshift, sandbox, folder } = stage;
  const { signal } = stage.processes;
  const started = Date.now();
  const { builds, jobs } = await unlessStopped(signal, beginAll(stage));
  output.print(
    `${output.paint.bold('Under way')}: ${builds.length} builds and ${jobs.length} Buildkite jobs`,
  );
  await showOne(builds, stage);
  const killed = await watchAll(stage, { builds, jobs });
  await unlessStopped(signal, stopServing(stage));
  const record = await unlessStopped(
    signal,
    cloudRecord(sandbox.admin, nightshift, [...builds, ...jobs]),
  );
  const took = Date.now() - started;
  const checked = audit(record);
  const logs = folder.shown('logs');
  output.print(`\n${renderSummary({ record, audit: checked, took, killed, logs }, output)}`);
  return checked.problems.length === 0 && killed ? exitCodes.done : exitCodes.failed;
}

async function showOne([first]: readonly BuildPiece[], stage: Stage): Promise<void> {
  if (!first) return;
  const { output, processes } = stage;
  const text = `The log of ${first.work.name} for a moment, as its handle’s logs() has it:`;
  output.print(paragraph(text, output, 0).join('\n'));
  await glimpse(first.handle, output, processes.signal);
  output.print();
}

/** How long queues may take to say goodbye to Buildkite, in milliseconds. */
const farewell = 60_000;

/** Takes no more jobs, and waits until Buildkite has heard so. What hasn't by then is for the audit to tell. */
async function stopServing({ nightshift, queues, sandbox, processes }: Stage): Promise<void> {
  for (const queue of Object.values(queues)) await nightshift.buildkite.stop(queue);
  const until = Date.now() + farewell;
  while (Date.now() < until && !(await isQuiet(sandbox.admin)))
    await delay(200, undefined, { signal: processes.signal });
}

async function isQuiet(admin: SandboxAdmin): Promise<boolean> {
  const agents = await admin.buildkiteAgents();
  const stacks = await admin.buildkiteStacks();
  return stacks.length === 0 && agents.every(({ state }) => state === 'disconnected');
}
