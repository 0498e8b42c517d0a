import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { processIdentity } from './process-identity.js';

/** A process, told from a later one of the same pid by its identity. */
const processSchema = z.object({ pid: z.int().positive(), identity: z.string().min(1) });
export type KnownProcess = z.infer<typeof processSchema>;

/** `server.json`: the server that runs on this state folder, and who uses it. */
const recordSchema = z.object({
  address: z.string(),
  namespace: z.string(),
  /** Where its web pages are, unless it was started without. */
  ui: z.string().optional(),
  how: z.enum(['path', 'download', 'built']),
  server: processSchema,
  /** Each with an id of its own, as one process may use the server twice. The last to go stops it. */
  users: z.array(processSchema.extend({ id: z.string() })),
});
export type ServerRecord = z.infer<typeof recordSchema>;

export function recordPath(stateDir: string): string {
  return join(stateDir, 'server.json');
}

/** The record, or undefined when there is none that can be read: it is then as if none had been started. */
export async function readRecord(stateDir: string): Promise<ServerRecord | undefined> {
  try {
    return recordSchema.parse(JSON.parse(await readFile(recordPath(stateDir), 'utf8')));
  } catch {
    return undefined;
  }
}

export async function writeRecord(stateDir: string, record: ServerRecord): Promise<void> {
  await mkdir(stateDir, { recursive: true });
  const scratch = `${recordPath(stateDir)}.${process.pid}`;
  await writeFile(scratch, `${JSON.stringify(record, undefined, 2)}\n`);
  await rename(scratch, recordPath(stateDir));
}

export async function removeRecord(stateDir: string): Promise<void> {
  await rm(recordPath(stateDir), { force: true });
}

/** Whether that very process still lives, and not another that was given its pid. */
export async function lives(known: KnownProcess): Promise<boolean> {
  return (await processIdentity(known.pid)) === known.identity;
}

/** The record of a server that still lives. */
export async function livingRecord(stateDir: string): Promise<ServerRecord | undefined> {
  const record = await readRecord(stateDir);
  return record !== undefined && (await lives(record.server)) ? record : undefined;
}

export async function livingUsers(record: ServerRecord): Promise<ServerRecord['users']> {
  const living = await Promise.all(record.users.map(lives));
  return record.users.filter((_, index) => living[index] === true);
}
