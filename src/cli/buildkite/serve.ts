import type { Command } from 'commander';
import { NightshiftClient } from '../../client/index.js';
import { type LoadedConfig, loadConfig } from '../../config/index.js';
import { buildkiteOf } from '../../domain/config/index.js';
import { type UsableServer, findServer, noTemporalServer } from '../../temporal/index.js';
import { exitCodes } from '../exit.js';
import type { Output } from '../output.js';
import { setupOf, startServer } from '../session.js';
import { untilTold } from '../until-told.js';

interface ServeFlags {
  config?: string;
  local?: boolean;
}

/** `nightshift buildkite serve` */
export function serveCommand(parent: Command, output: Output): void {
  parent
    .command('serve')
    .description(
      'take jobs of the configured queues and run them until SIGTERM or Ctrl-C; what runs by then is taken up again by the next worker',
    )
    .option('--config <file>', 'nightshift.yaml to read (default: the one in this folder)')
    .option('--local', 'start a Temporal server where there is none, with its state in .nightshift')
    .action(async (flags: ServeFlags) => {
      process.exitCode = await serve(flags, output);
    });
}

async function serve({ config, local }: ServeFlags, output: Output): Promise<number> {
  const loaded = await loadConfig(config === undefined ? {} : { path: config });
  // Said before a server is started: without queues there is nothing to serve.
  buildkiteOf(loaded.config);
  const server = await serverFor(loaded, local ?? false);
  try {
    return await serveOn(server, loaded, output);
  } finally {
    await server.stop();
  }
}

async function serverFor({ config }: LoadedConfig, local: boolean): Promise<UsableServer> {
  const { temporal } = config;
  if (local) return await startServer({ temporal });
  const server = await findServer({ temporal });
  if (server) return { ...server, stop: () => Promise.resolve() };
  throw noTemporalServer('there is no Temporal server to serve the queues with');
}

async function serveOn(
  server: UsableServer,
  loaded: LoadedConfig,
  output: Output,
): Promise<number> {
  const { installTelemetry } = await import('../../telemetry/index.js');
  installTelemetry({ log: { level: 'warn' }, shutdownSignals: [] });
  const { createWorker } = await import('../../worker.js');
  const { taskQueue } = loaded.config.temporal;
  const setup = setupOf(loaded);
  const worker = await createWorker({
    server,
    taskQueue,
    workerTimeout: loaded.config.pace.workerTimeout,
    ownSetup: () => Promise.resolve(setup),
  });
  const running = worker.run();
  const told = untilTold(() => {
    output.say(
      'stops: it takes no more jobs; those that run are taken up again by the next worker',
    );
    worker.stop();
  });
  try {
    const nightshift = await NightshiftClient.connect({ server, taskQueue });
    try {
      const queues = await nightshift.buildkite.serve({ config: setup.config });
      output.say(
        `serves ${queues.join(', ')} on the task queue "${taskQueue}" at ${server.address}; config ${loaded.path}`,
      );
    } finally {
      await nightshift.close();
    }
    await running;
  } finally {
    worker.stop();
    await running.catch(() => undefined);
    told.close();
  }
  return exitCodes.done;
}
