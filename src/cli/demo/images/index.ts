import { exitCodes } from '../../exit.js';
import type { Demo, Means } from '../demonstrate.js';
import { unlessStopped } from '../stopping.js';
import { audit } from './audit.js';
import { cloudRecord } from './cloud-record.js';
import { checkFirst } from './first-check.js';
import { setUp } from './stage.js';
import { renderSummary } from './summary.js';
import { watchLine } from './watch.js';

/** A line is kept up with its mirror, which gains versions meanwhile; a worker is killed, and another one goes on. */
export const imagesDemo: Demo = {
  title: 'Nightshift: machine images keep up with a package mirror, and a worker dies',
  place: 'A practice cloud on this machine; no AWS account and no mirror is touched.',
  perform,
};

async function perform(means: Means): Promise<number> {
  const stage = await setUp(means);
  const { output, line, sandbox, processes, demoLine } = stage;
  const { signal } = processes;
  const now = async () => ({
    real: Date.now(),
    sandbox: Date.parse((await sandbox.admin.state()).now),
  });
  const from = await now();
  await unlessStopped(signal, checkFirst(stage));
  const killed = await watchLine(stage);
  const to = await now();
  const last = await unlessStopped(signal, line.check({}, signal));
  const record = await unlessStopped(signal, cloudRecord(stage, last));
  const checked = audit(record);
  const took = { real: to.real - from.real, sandbox: to.sandbox - from.sandbox };
  const { tracker } = demoLine;
  output.print(`\n${renderSummary({ record, audit: checked, took, killed, tracker }, output)}`);
  return checked.problems.length === 0 && killed ? exitCodes.done : exitCodes.failed;
}
