import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { stringify } from 'yaml';
import { WorkerProcess } from '../support/e2e/worker-process.js';
import { type Stage, atEnd } from './stage.js';

/** In place of the stage's own worker, workers in processes of their own, which can be killed. */
export async function killableWorkers(stage: Stage): Promise<() => Promise<WorkerProcess>> {
  await stage.stopWorker();
  const folder = await mkdtemp(join(tmpdir(), 'nightshift-images-'));
  const living: WorkerProcess[] = [];
  atEnd(async () => {
    for (const worker of living) if (worker.lives) await worker.kill();
    await rm(folder, { recursive: true, force: true });
  });
  const file = stringify({ ...stage.config, temporal: { taskQueue: stage.taskQueue } });
  await writeFile(join(folder, 'nightshift.yaml'), file);
  const temporalAddress = inject('temporalAddress');
  return async () => {
    const worker = await WorkerProcess.start({
      folder,
      temporalAddress,
      sandboxUrl: stage.sandbox.url,
    });
    living.push(worker);
    return worker;
  };
}
