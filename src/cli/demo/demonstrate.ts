import { randomBytes } from 'node:crypto';
import { NightshiftClient } from '../../client/index.js';
import { type UsableServer, ensureServer, progressOn } from '../../temporal/index.js';
import type { Output } from '../output.js';
import type { DemoFolder } from './folder.js';
import { leaveNothing } from './leave-nothing.js';
import { paragraph, ready } from './lines.js';
import { DemoProcesses } from './processes.js';

/** What every demo plays with. */
export interface Means {
  folder: DemoFolder;
  output: Output;
  server: UsableServer;
  processes: DemoProcesses;
  /** No other demo has it. */
  taskQueue: string;
  nightshift: NightshiftClient;
}

export interface Demo {
  title: string;
  /** What it plays in. */
  place: string;
  /** Shows all of it. Returns the exit code. */
  perform: (means: Means) => Promise<number>;
}

/** A whole demo. Returns its exit code; nothing that it started runs on, however it ends. */
export async function demonstrate(
  { title, place, perform }: Demo,
  folder: DemoFolder,
  output: Output,
  signal: AbortSignal,
): Promise<number> {
  output.print(output.paint.bold(title));
  output.print(paragraph(place, output, 0).join('\n'));
  output.print();
  const taskQueue = `nightshift-demo-${randomBytes(3).toString('hex')}`;
  const server = await findOrStartServer(signal);
  const processes = new DemoProcesses(folder, server, signal);
  let ended = false;
  try {
    signal.throwIfAborted();
    const how = server.kind === 'embedded' ? 'started here, state in .nightshift' : server.foundBy;
    ready('Temporal', `${server.address}, ${how}`, output);
    const nightshift = await NightshiftClient.connect({ server, taskQueue });
    const exitCode = await perform({ folder, output, server, processes, taskQueue, nightshift });
    ended = true;
    // Only now: when the demo is broken off, calls may be under way, and those of a closed connection throw
    // where nobody can catch it (grpc-retry of the Temporal SDK 1.24).
    await nightshift.close();
    return exitCode;
  } finally {
    await processes.end({ now: !ended });
    await leaveNothing(server, taskQueue);
    await server.stop();
  }
}

/** The server that is there, or one of this checkout. */
async function findOrStartServer(signal: AbortSignal): Promise<UsableServer> {
  const progress = progressOn(process.stderr);
  return await ensureServer({ local: true, onProgress: progress.show, signal }).finally(
    progress.done,
  );
}
