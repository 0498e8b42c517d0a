// A Temporal server on which a history is long after few events, so that workflows continue as new.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../dist/src/temporal/address.js';
import { devServerArgs } from '../../dist/src/temporal/dev-server-args.js';
import { obtainCli } from '../../dist/src/temporal/server-cli/obtain.js';
import { awaitAnswer, end, launch } from '../../dist/src/temporal/server-process.js';
import { startDeadlineMs } from '../../dist/src/temporal/start-server.js';
import { localTarget } from '../../dist/src/temporal/target.js';

/** @param {number} events after which the server suggests it */
export async function startImpatientServer(events) {
  const folder = await mkdtemp(join(tmpdir(), 'nightshift-histories-'));
  const cli = await obtainCli({});
  const port = await freePort();
  const target = localTarget(`127.0.0.1:${port}`, 'default');
  const { address, namespace } = target;
  const logFile = join(folder, 'server.log');
  const args = [
    ...devServerArgs({ port, namespace, database: join(folder, 'temporal.db') }),
    ...['--dynamic-config-value', `limit.historyCount.suggestContinueAsNew=${events}`],
  ];
  const server = await launch({ cli: cli.path, args, logFile });
  const stop = async () => {
    await end(server);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await awaitAnswer(server, address, { namespace, logFile, deadlineMs: startDeadlineMs });
  } catch (error) {
    await stop();
    throw error;
  }
  return { ...target, stop };
}
