// A CI job that cleans the fleet and succeeds only when the work is done.
//
//   node cleanup.mjs [policy …]
//
// NIGHTSHIFT_CONFIG names nightshift.yaml; without it the worker's own config counts. TEMPORAL_ADDRESS names the
// server. A worker (`nightshift worker`) does the work: this job only asks for it and waits.
import { NightshiftClient, NightshiftError, loadSetup } from 'nightshift/client';

const policies = process.argv.slice(2);
const configured = process.env.NIGHTSHIFT_CONFIG;

/** What the job exits with, as the `nightshift` command does. */
const exitCodes = { completed: 0, 'completed-with-failures': 1, cancelled: 1, refused: 2 };
const exitCodesOfErrors = { InvalidInput: 2, RunRefused: 2, NoTemporalServer: 3, AwsAccess: 4 };

try {
  const loaded = configured ? await loadSetup(configured) : undefined;
  const temporal = loaded?.config.temporal;
  const nightshift = await NightshiftClient.connect({
    ...(temporal ? { temporal, taskQueue: temporal.taskQueue } : {}),
  });
  try {
    process.exitCode = await clean(nightshift, loaded);
  } finally {
    await nightshift.close();
  }
} catch (error) {
  if (!(error instanceof NightshiftError)) throw error;
  console.error(`${error.code}: ${error.message}`);
  if (error.hint) console.error(error.hint);
  process.exitCode = exitCodesOfErrors[error.code] ?? 1;
}

/**
 * @param {NightshiftClient} nightshift
 * @param {Awaited<ReturnType<typeof loadSetup>> | undefined} loaded
 */
async function clean(nightshift, loaded) {
  // Without a worker the run would wait for ever, and the job with it.
  if ((await nightshift.workers()).length === 0) {
    console.error('no worker polls the task queue; start one with `nightshift worker`');
    return 3;
  }
  const run = await nightshift.cleanup.run({
    ...(policies.length > 0 ? { policies } : {}),
    ...(loaded ? { setup: { config: loaded.config, policies: loaded.policies } } : {}),
  });
  console.error(`started ${run.workflowId}`);

  for await (const { run: progress, targets } of run.watch({ every: 5_000 })) {
    const deleted = [...targets.values()].reduce((sum, { counts }) => sum + counts.deleted, 0);
    console.error(`${progress.phase}: ${deleted} of ${progress.plan?.delete ?? 0} deleted`);
  }

  const { status, totals, targets } = await run.result();
  for (const { account, region, items, error } of targets) {
    const where = `${account.name}/${region}`;
    if (error) console.error(`${where}: ${error.message}`);
    for (const { name, outcome, reason } of items)
      if (outcome === 'failed') console.error(`${where}: ${name}: ${reason ?? 'failed'}`);
  }
  console.log(JSON.stringify({ workflowId: run.workflowId, runId: run.runId, status, totals }));
  return exitCodes[status];
}
