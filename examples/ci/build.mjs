// A CI job that runs a CodeBuild build, shows its log, and exits as the build's command did.
//
//   node build.mjs <preset> [source version]
//
// The preset is one of `builds.presets` in nightshift.yaml: that of NIGHTSHIFT_CONFIG, or the worker's own.
// TEMPORAL_ADDRESS names the server. A worker (`nightshift worker`) does the work and reads the log, so this job needs
// no AWS credentials.
import { NightshiftClient, NightshiftError, loadSetup } from 'nightshift/client';

const [preset, sourceVersion] = process.argv.slice(2);
const configured = process.env.NIGHTSHIFT_CONFIG;

const exitCodesOfErrors = { InvalidInput: 2, NotFound: 2, NoTemporalServer: 3, AwsAccess: 4 };

try {
  const loaded = configured ? await loadSetup(configured) : undefined;
  const temporal = loaded?.config.temporal;
  const nightshift = await NightshiftClient.connect({
    ...(temporal ? { temporal, taskQueue: temporal.taskQueue } : {}),
  });
  try {
    process.exitCode = await build(nightshift, loaded);
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
async function build(nightshift, loaded) {
  // Without a worker the build would wait for ever, and the job with it.
  if ((await nightshift.workers()).length === 0) {
    console.error('no worker polls the task queue; start one with `nightshift worker`');
    return 3;
  }
  const build = await nightshift.builds.run({
    preset,
    ...(sourceVersion ? { sourceVersion } : {}),
    ...(loaded ? { setup: { config: loaded.config } } : {}),
  });
  // A job that is told to end takes its build with it.
  process.once('SIGTERM', () => void build.stop('the CI job was told to end'));

  const { buildId, links } = await build.started();
  console.error(`${buildId} ${links.console}`);
  for await (const { events } of build.logs())
    for (const { message } of events) process.stdout.write(message);

  const { status, exitStatus, reason } = await build.result();
  console.error(reason ? `${status}: ${reason}` : status);
  return status === 'SUCCEEDED' ? 0 : (exitStatus ?? 1);
}
