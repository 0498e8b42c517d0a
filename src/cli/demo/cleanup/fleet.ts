import { randomInt } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { packageRoot } from '../../../temporal/package-root.js';

const fleetSchema = z.looseObject({
  accounts: z.array(z.looseObject({ id: z.string(), name: z.string() })),
  regions: z.array(z.string()),
  stacks: z.array(z.looseObject({ name: z.string(), description: z.string().optional() })),
});

export interface DemoFleet {
  accounts: number;
  regions: number;
  /** What is special about a stack, by its name. */
  stories: ReadonlyMap<string, string>;
}

/**
 * Writes the example fleet with account ids that no other demo has. A target is worked on by one run at a
 * time, whoever started it: on a shared server two demos of the same accounts would wait for each other.
 */
export async function writeFleet(path: string): Promise<DemoFleet> {
  const example = join(packageRoot(), 'examples', 'fleet.yaml');
  const fleet = fleetSchema.parse(parse(await readFile(example, 'utf8')));
  const own = String(randomInt(0, 1e8)).padStart(8, '0');
  for (const account of fleet.accounts) account.id = `${account.id.slice(0, 4)}${own}`;
  await writeFile(path, stringify(fleet));
  const stories = fleet.stacks.flatMap(({ name, description }): [string, string][] =>
    description === undefined ? [] : [[name, description.replace(/^Ephemeral[.,] /, '')]],
  );
  const { accounts, regions } = fleet;
  return { accounts: accounts.length, regions: regions.length, stories: new Map(stories) };
}
