import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { z } from 'zod';
import { logStart } from '../../../../domain/builds/log-cursor.js';
import { readLog } from '../../../builds/read-log.js';
import { ManifestScan } from '../manifest-scan.js';
import type { ReadManifestOptions } from './read-manifest.js';

const unpack = promisify(gunzip);
const eventsSchema = z.array(z.tuple([z.number(), z.string()]));
/** How long a look waits for something new while the build goes on, in milliseconds. */
const wait = 60_000;

/** The last manifest in a build's log, which is read to its end: its last lines come late, and a line in several events. */
export async function manifestInLog(
  options: Omit<ReadManifestOptions, 'builder' | 's3'>,
): Promise<string | undefined> {
  const { codebuild, logs, place, buildId, signal } = options;
  const scan = new ManifestScan();
  for (let cursor = logStart; ;) {
    const answer = await readLog({ codebuild, logs, place, buildId, cursor, wait, signal });
    for (const page of answer.pages)
      for (const [, message] of await eventsOf(page)) scan.add(message);
    if (answer.isWhole) return scan.end();
    cursor = answer.cursor;
  }
}

async function eventsOf(page: string): Promise<z.infer<typeof eventsSchema>> {
  const json = await unpack(Buffer.from(page, 'base64'));
  return eventsSchema.parse(JSON.parse(json.toString('utf8')));
}
