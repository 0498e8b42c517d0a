import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { progressOn, startEmbeddedServer } from '../src/temporal/index.js';
import { sweepAbandoned } from './support/temporal/abandoned.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Host and port of the Temporal server that all tests share. */
    temporalAddress: string;
  }
}

const prefix = 'nightshift-test-';

/**
 * One Temporal server for all tests, with its state in a temporary folder. The first time on a machine, this
 * builds the Temporal CLI (minutes), which no timeout of vitest bounds. NIGHTSHIFT_TEST_TEMPORAL_ADDRESS names
 * a server to use instead.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.NIGHTSHIFT_TEST_TEMPORAL_ADDRESS;
  if (given) {
    project.provide('temporalAddress', given);
    return () => Promise.resolve();
  }
  await sweepAbandoned(tmpdir(), prefix);
  const stateDir = await mkdtemp(join(tmpdir(), prefix));
  const progress = progressOn(process.stderr);
  try {
    const server = await startEmbeddedServer({ stateDir, onProgress: progress.show });
    project.provide('temporalAddress', server.address);
    return async () => {
      await server.stop();
      await rm(stateDir, { recursive: true, force: true });
    };
  } catch (error) {
    await rm(stateDir, { recursive: true, force: true });
    throw error;
  } finally {
    progress.done();
  }
}
