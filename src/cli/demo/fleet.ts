import { randomInt } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { packageRoot } from '../../temporal/package-root.js';

const fleetSchema = z.looseObject({
  accounts: z.array(z.looseObject({ id: z.string(), name: z.string() })),
  regions: z.array(z.string()),
});

/**
 * Writes the example fleet with account ids that no other demo has. A target is worked on by one run at a
 * time, whoever started it: on a shared server two demos of the same accounts would wait for each other.
 */
export async function writeFleet(path: string): Promise<{ accounts: number; regions: number }> {
  const example = join(packageRoot(), 'examples', 'fleet.yaml');
  const fleet = fleetSchema.parse(parse(await readFile(example, 'utf8')));
  const own = String(randomInt(0, 1e8)).padStart(8, '0');
  for (const account of fleet.accounts) account.id = `${account.id.slice(0, 4)}${own}`;
  await writeFile(path, stringify(fleet));
  return { accounts: fleet.accounts.length, regions: fleet.regions.length };
}
