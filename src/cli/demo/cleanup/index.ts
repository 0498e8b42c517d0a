import { writeFile } from 'node:fs/promises';
import { loadConfig } from '../../../config/index.js';
import { renderHtmlReport } from '../../../report/index.js';
import { makePlan } from '../../cleanup/make-plan.js';
import { exitCodes } from '../../exit.js';
import { setupOf } from '../../session.js';
import type { Demo, Means } from '../demonstrate.js';
import { unlessStopped } from '../stopping.js';
import { audit } from './audit.js';
import { cloudRecord } from './cloud-record.js';
import { planDigest } from './plan-digest.js';
import { watchRun } from './run.js';
import { setUp } from './stage.js';
import { renderSummary } from './summary.js';

/** A fleet is planned and cleaned up; half way the worker is killed, and another one goes on. */
export const cleanupDemo: Demo = {
  title: 'Nightshift: a fleet is cleaned up, and a worker dies on the way',
  place: 'A practice cloud on this machine; no AWS account is touched.',
  perform,
};

async function perform(means: Means): Promise<number> {
  const stage = await setUp(means);
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
  const killed = await watchRun(run, stage);
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
