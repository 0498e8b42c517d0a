import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { listStacks } from '../../src/activities/cleanup/list-stacks.js';
import { toJson } from '../../src/activities/cleanup/json.js';
import { InvalidInputError } from '../../src/domain/errors.js';
import {
  type JsonObject,
  parsePolicies,
  type Policy,
  PolicyEvaluationError,
  selectResources,
} from '../../src/domain/policy/index.js';
import { emulatedTarget } from './aws.js';
import { attemptDryRun } from './custodian.js';
import { type MiniStack, startMiniStack } from './ministack.js';
import { type Random, randomFrom } from './random.js';
import { marks, randomPolicy, tagKeys, tagValues } from './random-policies.js';
import { seedStack } from './seed-stack.js';

const account = '111111111111';
const region = 'ap-southeast-2';
const policiesPerSeed = 600;
/** NIGHTSHIFT_SEED tries another one. */
const seeds = process.env['NIGHTSHIFT_SEED'] ? [Number(process.env['NIGHTSHIFT_SEED'])] : [1, 2];

/** Policies by the hundred, which nobody thought of, read by Nightshift and by the real Custodian. */
describe('random policies select the same as in Custodian', () => {
  let emulator: MiniStack;
  beforeAll(async () => {
    emulator = await startMiniStack();
  });
  afterAll(async () => {
    await emulator?.stop();
  });

  test.each(seeds)('seed %i', async (seed) => {
    await emulator.reset();
    const random = randomFrom(seed);
    const target = emulatedTarget(emulator.endpoint, account, region);
    await seedOddStacks(emulator.endpoint, random);
    const documents = Array.from({ length: policiesPerSeed }, (_, index) =>
      randomPolicy(`random-${index}`, random),
    );
    const readable = documents.flatMap((document) => readPolicy(document) ?? []);
    // Most must be within what Nightshift supports, or little is compared.
    expect(readable.length).toBeGreaterThan(policiesPerSeed / 2);

    const stacks = await listStacks(target.cloudFormation, new AbortController().signal);
    const resources = stacks.map(toJson);
    const expected = await dryRun(emulator.endpoint, readable);
    const differences = readable.flatMap(({ policy, document }) => {
      const ours = select(policy, resources);
      const theirs = expected.get(policy.name) ?? 'fails';
      return String(ours) === String(theirs)
        ? []
        : [{ filters: document['filters'], ours, theirs }];
    });
    expect(differences).toEqual([]);
  });
});

interface Readable {
  policy: Policy;
  document: Record<string, unknown>;
}

/** The policy as Nightshift reads it; nothing where it refuses the policy, which it may. */
function readPolicy(document: Record<string, unknown>): Readable | undefined {
  try {
    return parsePolicies({ policies: [document] }, 'random').map((policy) => ({
      policy,
      document,
    }))[0];
  } catch (error) {
    if (error instanceof InvalidInputError) return undefined;
    throw error;
  }
}

async function dryRun(endpoint: string, readable: Readable[]): Promise<Map<string, string[]>> {
  const home = await mkdtemp(join(tmpdir(), 'nightshift-random-'));
  try {
    const file = join(home, 'random.json');
    await writeFile(file, JSON.stringify({ policies: readable.map(({ document }) => document) }));
    const policies = readable.map(({ policy }) => policy.name);
    const run = { endpoint, account, region, files: [file], policies };
    const { selected, complaint } = await attemptDryRun(run);
    if (selected.size === 0) throw new Error(`Custodian has run no policy:\n${complaint ?? ''}`);
    return selected;
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

function select(policy: Policy, resources: JsonObject[]): string[] | string {
  try {
    const selected = selectResources(policy, resources, {
      now: new Date(),
      accountId: account,
      region,
    });
    return selected.map((resource) => z.string().parse(resource['StackId'])).sort();
  } catch (error) {
    // Any other error than this is a defect, which no answer of Custodian's equals.
    return error instanceof PolicyEvaluationError ? 'fails' : `throws ${String(error)}`;
  }
}

/** Stacks with every odd tag value, and with none. */
async function seedOddStacks(endpoint: string, random: Random): Promise<void> {
  const target = emulatedTarget(endpoint, account, region);
  await seedStack(target, { name: 'net', exports: ['net-1', 'net-2'] });
  await seedStack(target, { name: 'broken', imports: ['nowhere'], tags: { a: 'true' } });
  for (const [index, value] of [...tagValues, ...marks].entries()) {
    const others = tagKeys.filter(() => random.chance(0.3));
    const tags = Object.fromEntries(others.map((key) => [key, random.pick(tagValues)]));
    const exports = random.chance(0.2) ? [`export-${index}`] : [];
    await seedStack(target, {
      name: `${random.pick(['net', 'red', 'Team'])}-${index}`,
      tags: { ...tags, [random.pick(tagKeys)]: value },
      exports,
    });
  }
}
