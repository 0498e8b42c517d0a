import { unlessStopped } from './stopping.js';
import type { DemoChild } from './child.js';
import type { Means } from './demonstrate.js';
import { ready } from './lines.js';
import type { DemoWorker } from './processes.js';

/** Who is at work, and what another one needs to take over. */
export interface Employment extends Means {
  worker: DemoChild;
  /** Path of the workers' nightshift.yaml. */
  config: string;
  sandbox: { url: string };
}

/** Starts the first worker, and says so once it is there. */
export async function startFirstWorker(
  { processes, nightshift, taskQueue, output }: Means,
  config: string,
  sandboxUrl: string,
): Promise<DemoChild> {
  const { process: worker, ready: polls } = await processes.startWorker(
    config,
    sandboxUrl,
    nightshift,
  );
  await unlessStopped(processes.signal, polls);
  ready('Worker 1', `process ${worker.pid}, on the task queue ${taskQueue}`, output);
  return worker;
}

/** Kills the worker that is at work, and starts another: returns the process id of the one, and the other. */
export async function replaceWorker({
  worker,
  processes,
  config,
  sandbox,
  nightshift,
}: Employment): Promise<{ killed: number; successor: DemoWorker }> {
  await worker.kill();
  const successor = await processes.startWorker(config, sandbox.url, nightshift);
  return { killed: worker.pid, successor };
}
