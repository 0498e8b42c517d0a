import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { InvalidInputError, type InputIssue } from '../../src/domain/errors.js';
import { checkFleet } from './check.js';
import { fleetSchema, type Fleet, type FleetInput } from './schema.js';

/** Reads a fleet file (YAML). Throws an InvalidInputError that lists all that is wrong with it. */
export function loadFleet(file: string): Fleet {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new InvalidInputError(
      [{ source: file, path: '', message: 'the fleet file cannot be read' }],
      { hint: 'Give the path of a fleet file, as examples/fleet.yaml.', cause },
    );
  }
  const document = parseDocument(text);
  if (document.errors.length > 0)
    throw new InvalidInputError(
      document.errors.map((error) => ({ source: file, path: '', message: error.message })),
    );
  return parseFleet(document.toJS(), file);
}

/** Checks a fleet and fills in its defaults. */
export function parseFleet(input: unknown, source = 'fleet'): Fleet {
  const parsed = fleetSchema.safeParse(input);
  if (!parsed.success)
    throw new InvalidInputError(parsed.error.issues.map((issue) => inputIssue(issue, source)));
  const issues = checkFleet(parsed.data);
  if (issues.length > 0) throw new InvalidInputError(issues.map((issue) => ({ source, ...issue })));
  return parsed.data;
}

/** The same for a fleet that is written in TypeScript. */
export function defineFleet(input: FleetInput): Fleet {
  return parseFleet(input);
}

function inputIssue(issue: z.core.$ZodIssue, source: string): InputIssue {
  const path = issue.path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
  return { source, path, message: issue.message };
}
