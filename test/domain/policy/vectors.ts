import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { itemKindSchema } from '../../../src/domain/cleanup/plan.js';
import { jsonSchema } from '../../../src/domain/policy/json.js';

const verdicts = z.union([z.array(z.boolean()), z.literal('invalid')]);
const document = z.record(z.string(), jsonSchema);

const vectorsSchema = z.object({
  c7n: z.string(),
  now: z.iso.datetime().transform((text) => new Date(text)),
  accountId: z.string(),
  region: z.string(),
  texts: z.array(z.string()),
  document,
  sets: z.record(z.string(), z.array(document)),
  policies: z.array(
    z.object({
      kind: itemKindSchema,
      set: z.string(),
      filters: jsonSchema,
      expected: z.union([z.array(z.number()), z.enum(['invalid', 'fails'])]),
    }),
  ),
  shipped: z.array(
    z.object({
      file: z.string(),
      name: z.string(),
      set: z.string(),
      expected: z.array(z.number()),
    }),
  ),
  dates: z.array(z.tuple([jsonSchema, z.union([z.number(), z.null(), z.literal('fails')])])),
  regexes: z.array(z.tuple([z.string(), verdicts, verdicts])),
  globs: z.array(z.tuple([z.string(), verdicts])),
  expressions: z.array(
    z.tuple([z.string(), z.union([z.object({ found: jsonSchema }), z.enum(['invalid', 'fails'])])]),
  ),
});

/** What the real Custodian does; `test/fixtures/policies/make-vectors.py` makes the file. */
export function readVectors(
  file: string | URL = new URL('../../fixtures/policies/vectors.json', import.meta.url),
) {
  return vectorsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
}
