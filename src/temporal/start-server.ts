import { freePort, isPortFree, splitAddress } from './address.js';
import { devServerArgs } from './dev-server-args.js';
import { reporting, type OnProgress } from './progress.js';
import { obtainCli, type TemporalCli } from './server-cli/obtain.js';
import { awaitAnswer, end, launch } from './server-process.js';
import { readRecord, removeRecord, writeRecord, type ServerRecord } from './server-record.js';
import { explain, occupied, portTaken } from './start-failure.js';
import { databasePath, logPath } from './state-dir.js';
import { defaultNamespace } from './target.js';

/** How the server is started; `EmbeddedOptions` says what each is. */
export interface StartOptions {
  port?: number | undefined;
  uiPort?: number | undefined;
  headless?: boolean | undefined;
  namespace?: string | undefined;
  onProgress?: OnProgress | undefined;
  signal?: AbortSignal | undefined;
  env?: NodeJS.ProcessEnv | undefined;
}

/** How long a server may take to answer after its start, in milliseconds. Most need two seconds. */
export const startDeadlineMs = 60_000;

/** Starts a server on a state folder on which none runs. The caller holds the folder's lock. */
export async function startNew(stateDir: string, options: StartOptions): Promise<ServerRecord> {
  const cli = await obtainCli(options);
  const previous = await readRecord(stateDir);
  const message = 'Starting the embedded Temporal server';
  return reporting(
    options.onProgress,
    () => ({ phase: 'starting', message }),
    async () => {
      // A free port may be taken before the server listens on it, so choose again, a few times.
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await startOnce(stateDir, options, cli, attempt === 1 ? previous : undefined);
        } catch (error) {
          await removeRecord(stateDir);
          const again = options.port === undefined && attempt < 4 && portTaken(error);
          if (!again) throw explain(error, stateDir);
        }
      }
    },
  );
}

async function startOnce(
  stateDir: string,
  options: StartOptions,
  cli: TemporalCli,
  previous: ServerRecord | undefined,
): Promise<ServerRecord> {
  const namespace = options.namespace ?? defaultNamespace;
  const port = options.port ?? (await choosePort(previous));
  if (!(await isPortFree(port))) throw await occupied(port);
  const headless = options.headless ?? options.uiPort === undefined;
  const uiPort = headless ? undefined : (options.uiPort ?? (await freePort()));
  const logFile = logPath(stateDir);
  const database = databasePath(stateDir);
  const args = devServerArgs({ port, uiPort, namespace, database });
  const server = await launch({ cli: cli.path, args, logFile });
  const address = `127.0.0.1:${port}`;
  const ui = uiPort === undefined ? {} : { ui: `http://127.0.0.1:${uiPort}` };
  const record = { address, namespace, how: cli.how, server, users: [], ...ui };
  // Written before it answers: if this process is killed meanwhile, the server is still found again.
  await writeRecord(stateDir, record);
  try {
    await awaitAnswer(server, address, { namespace, logFile, deadlineMs: startDeadlineMs });
  } catch (error) {
    await end(server);
    throw error;
  }
  return record;
}

/** The same port again, so that what was connected before a crash finds the server where it was. */
async function choosePort(previous: ServerRecord | undefined): Promise<number> {
  if (previous !== undefined) {
    const { port } = splitAddress(previous.address);
    if (await isPortFree(port)) return port;
  }
  return freePort();
}
