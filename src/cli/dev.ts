import { type Command, InvalidArgumentError } from 'commander';
import { exitCodes } from './exit.js';
import type { Output } from './output.js';
import { loadIfThere, setupOf, startServer } from './session.js';
import { untilTold } from './until-told.js';

interface DevFlags {
  config?: string;
  port?: number;
  uiPort?: number;
}

/** `nightshift dev` */
export function devCommand(parent: Command, output: Output): void {
  parent
    .command('dev')
    .description(
      'run a Temporal server (unless one runs already), its UI and a worker until Ctrl-C',
    )
    .option(
      '--config <file>',
      'nightshift.yaml for runs that bring none (default: the one in this folder)',
    )
    .option(
      '--port <n>',
      'port of the server (default: the one it had last, else a free one)',
      portNumber,
    )
    .option('--ui-port <n>', 'port of its UI (default: a free one)', portNumber)
    .action(async (flags: DevFlags) => {
      process.exitCode = await develop(flags, output);
    });
}

async function develop({ config, port, uiPort }: DevFlags, output: Output): Promise<number> {
  const loaded = await loadIfThere(config, false);
  const temporal = loaded?.config.temporal;
  const [{ installTelemetry }, { createWorker }] = await Promise.all([
    import('../telemetry/index.js'),
    import('../worker.js'),
  ]);
  installTelemetry({ log: { level: 'warn' }, shutdownSignals: [] });
  const server = await startServer({ temporal, port, uiPort, headless: false });
  try {
    const taskQueue = temporal?.taskQueue ?? 'nightshift';
    const worker = await createWorker({
      server,
      taskQueue,
      workerTimeout: loaded?.config.pace.workerTimeout,
      ...(loaded ? { ownSetup: () => Promise.resolve(setupOf(loaded)) } : {}),
    });
    const running = worker.run();
    const ui = server.kind === 'embedded' ? server.ui : undefined;
    output.print(`Temporal   ${server.address}, namespace ${server.namespace}`);
    if (ui !== undefined) output.print(`UI         ${ui}`);
    output.print(`Worker     polls the task queue "${taskQueue}"`);
    output.print(`Config     ${loaded ? loaded.path : 'none: runs must bring one'}`);
    output.say('Ctrl-C ends it; runs that go on are taken up again the next time.');
    const told = untilTold(() => worker.stop());
    await running.finally(() => told.close());
  } finally {
    await server.stop();
  }
  return exitCodes.done;
}

export function portNumber(value: string): number {
  if (/^\d{1,5}$/.test(value) && Number(value) <= 65_535) return Number(value);
  throw new InvalidArgumentError('It must be a port: a whole number from 0 to 65535.');
}
