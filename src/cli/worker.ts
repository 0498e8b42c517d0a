import { type Command, Option } from 'commander';
import { loadConfig } from '../config/index.js';
import { type FoundServer, findServer, noTemporalServer } from '../temporal/index.js';
import { exitCodes } from './exit.js';
import { type Config } from '../domain/config/index.js';
import { NightshiftClient } from '../client/index.js';
import type { Output } from './output.js';
import { loadIfThere, setupOf } from './session.js';
import { untilTold } from './until-told.js';

const levels = ['trace', 'debug', 'info', 'warn', 'error'] as const;
const formats = ['json', 'pretty'] as const;

interface WorkerFlags {
  config?: string;
  logLevel: (typeof levels)[number];
  logFormat?: (typeof formats)[number];
}

/** `nightshift worker` */
export function workerCommand(parent: Command, output: Output): void {
  parent
    .command('worker')
    .description('do the work of runs until SIGTERM or Ctrl-C')
    .option(
      '--config <file>',
      'nightshift.yaml for runs that bring none (default: the one in this folder)',
    )
    .addOption(
      new Option('--log-level <level>', 'least level to log').choices(levels).default('info'),
    )
    .addOption(
      new Option('--log-format <format>', 'default: pretty on a terminal, else json').choices(
        formats,
      ),
    )
    .action(async (flags: WorkerFlags) => {
      process.exitCode = await work(flags, output);
    });
}

async function work({ config, logLevel, logFormat }: WorkerFlags, output: Output): Promise<number> {
  const loaded = await loadIfThere(config, false);
  const settings = loaded?.config;
  const server = await findServer({ temporal: settings?.temporal });
  if (!server) throw noTemporalServer('there is no Temporal server to work for');

  const [{ installTelemetry, workerTracing }, { createWorker }] = await Promise.all([
    import('../telemetry/index.js'),
    import('../worker.js'),
  ]);
  const { logger, metricsUrl } = installTelemetry({
    telemetry: settings?.telemetry,
    log: { level: logLevel, format: logFormat },
    shutdownSignals: [],
  });
  const tracing = workerTracing(settings?.telemetry, { logger });
  const taskQueue = settings?.temporal.taskQueue ?? 'nightshift';
  const worker = await createWorker({
    server,
    taskQueue,
    workerTimeout: loaded?.config.pace.workerTimeout,
    tracing,
    // Read again for each run, so that an edited file counts without a restart.
    ...(loaded ? { ownSetup: async () => setupOf(await loadConfig({ path: loaded.path })) } : {}),
  });
  const running = worker.run();
  const source = loaded ? `config ${loaded.path}` : 'no config: runs must bring one';
  output.say(
    `worker polls the task queue "${taskQueue}" at ${server.address}, namespace ${server.namespace}; ${source}` +
      (metricsUrl === undefined ? '' : `; metrics ${metricsUrl}`),
  );
  if (settings) await beginBuilds(server, settings, output);
  const told = untilTold(() => {
    output.say('worker stops: it takes no more and hands over what it has');
    worker.stop();
  });
  try {
    await running;
  } finally {
    told.close();
    await tracing.shutdown();
  }
  return exitCodes.done;
}

/** A worker whose config has builds, of images too, serves the queues and looks after what is left of builds. */
async function beginBuilds(server: FoundServer, config: Config, output: Output): Promise<void> {
  if (!config.buildkite && !config.builds && !config.images) return;
  const { taskQueue } = config.temporal;
  const nightshift = await NightshiftClient.connect({ server, taskQueue });
  try {
    if (!config.buildkite) return await nightshift.buildkite.scheduleSweep({ config });
    const queues = await nightshift.buildkite.serve({ config });
    output.say(`worker serves the Buildkite queues ${queues.join(', ')}`);
  } finally {
    await nightshift.close();
  }
}
