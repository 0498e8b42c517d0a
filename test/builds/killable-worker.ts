import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inject } from 'vitest';
import { stringify } from 'yaml';
import { WorkerProcess } from '../support/e2e/worker-process.js';
import { type Stage, makeFolder } from './scenario.js';

/** In place of the stage's own worker, one in a process of its own. */
export async function startKillableWorker(stage: Stage): Promise<WorkerProcess> {
  const { config, taskQueue, sandbox } = stage;
  await stage.stopWorker();
  const folder = await makeFolder();
  const file = stringify({ ...config, temporal: { taskQueue } });
  await writeFile(join(folder, 'nightshift.yaml'), file);
  const temporalAddress = inject('temporalAddress');
  return await WorkerProcess.start({ folder, temporalAddress, sandboxUrl: sandbox.url });
}
