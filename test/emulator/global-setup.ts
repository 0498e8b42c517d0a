import { obtainCli } from '../../src/temporal/server-cli/obtain.js';
import { progressOn } from '../../src/temporal/index.js';

/** The Temporal CLI is at hand before a test starts: its first build takes minutes, more than a hook may. */
export async function setup(): Promise<void> {
  const progress = progressOn(process.stderr);
  try {
    await obtainCli({ onProgress: progress.show });
  } finally {
    progress.done();
  }
}
