import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { end } from '../../../src/temporal/server-process.js';
import { lives, livingUsers, readRecord } from '../../../src/temporal/server-record.js';

/** Ends the servers, and removes the folders, of test runs that were killed before they could do so. */
export async function sweepAbandoned(parent: string, prefix: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.startsWith(prefix)) continue;
    const stateDir = join(parent, name);
    const record = await readRecord(stateDir);
    // One that nobody uses yet is just being started.
    if (record === undefined || record.users.length === 0) continue;
    if ((await livingUsers(record)).length > 0) continue;
    if (await lives(record.server)) await end(record.server);
    await rm(stateDir, { recursive: true, force: true });
  }
}
