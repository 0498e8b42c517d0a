import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { loadConfig } from '../../config/index.js';
import { renderHtmlReport } from '../../report/index.js';
import { makePlan } from '../cleanup/make-plan.js';
import { exitCodes } from '../exit.js';
import type { Output } from '../output.js';
import { setupOf } from '../session.js';
import { audit } from './audit.js';
import { cloudRecord } from './cloud-record.js';
import type { DemoFolder } from './folder.js';
import { paragraph } from './lines.js';
import { endOpenWorkflows } from './open-workflows.js';
import { planDigest } from './plan-digest.js';
import { DemoProcesses } from './processes.js';
import { watchRun } from './run.js';
import { type Stage, findOrStartServer, setUp } from './stage.js';
import { unlessStopped } from './stopping.js';
import { renderSummary } from './summary.js';

/** The whole demo. Returns its exit code; nothing that it started runs on, however it ends. */
export async function demonstrate(
  folder: DemoFolder,
  output: Output,
  signal: AbortSignal,
): Promise<number> {
  output.print(
    output.paint.bold('Nightshift: a fleet is cleaned up, and a worker dies on the way'),
  );
  output.print(
    paragraph('A practice cloud on this machine; no AWS account is touched.', output, 0).join('\n'),
  );
  output.print();
  const taskQueue = `nightshift-demo-${randomBytes(3).toString('hex')}`;
  const server = await findOrStartServer(signal);
  const processes = new DemoProcesses(folder, server, signal);
  let ended = false;
  try {
    signal.throwIfAborted();
    const stage = await setUp({ folder, output, server, processes, taskQueue });
    const exitCode = await perform(stage);
    ended = true;
    // Only now: when the demo is broken off, calls may be under way, and those of a closed connection throw
    // where nobody can catch it (grpc-retry of the Temporal SDK 1.24).
    await stage.nightshift.close();
    return exitCode;
  } finally {
    await processes.end({ now: !ended });
    if (!ended) await endOpenWorkflows(server, taskQueue);
    await server.stop();
  }
}

async function perform(stage: Stage): Promise<number> {
  const { output, nightshift, config, folder } = stage;
  const { stories } = stage.fleet;
  const { signal } = stage.processes;
  const { admin } = stage.sandbox;
  const loaded = await loadConfig({ path: config });
  const request = { setup: setupOf(loaded) };
  const session = { nightshift, loaded, local: true };
  const plan = await unlessStopped(signal, makePlan(session, request, output));
  output.print(planDigest(plan, output));
  output.print();

  // From here on, what is counted is the run alone.
  await admin.clearLedger();
  const started = { real: Date.now(), sandbox: Date.parse((await admin.state()).now) };
  const run = await nightshift.cleanup.run({ ...request, planHash: plan.planHash });
  const replaceWorker = () => replaceWorkerOf(stage);
  const killed = await watchRun(run, { output, signal, replaceWorker });
  const result = await unlessStopped(signal, run.result());
  const took = {
    real: Date.now() - started.real,
    sandbox: Date.parse((await admin.state()).now) - started.sandbox,
  };
  const checked = audit(plan, result, await cloudRecord(admin, result));
  await writeFile(folder.file('report.html'), renderHtmlReport(result));
  const report = folder.shown('report.html');
  output.print(
    `\n${renderSummary({ result, audit: checked, took, killed, report, stories }, output)}`,
  );
  const isGood = checked.problems.length === 0 && result.status === 'completed' && killed;
  return isGood ? exitCodes.done : exitCodes.failed;
}

async function replaceWorkerOf({ worker, processes, config, sandbox, nightshift }: Stage) {
  await worker.kill();
  const successor = await processes.startWorker(config, sandbox.url, nightshift);
  return { killed: worker.pid, successor };
}
