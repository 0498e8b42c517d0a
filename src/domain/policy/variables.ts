import type { Json } from './json.js';
import { isJsonObject } from './json.js';

/** What `{account_id}` and `{region}` in a policy stand for. */
export interface Variables {
  accountId: string;
  region: string;
}

/** Text that Custodian can't read as a template, or a variable that Nightshift doesn't have. */
export class VariableProblem extends Error {}

/**
 * Fills in Custodian's variables in every text of a value. Custodian runs all texts through
 * Python's `str.format`: `{{` is a brace, and a text that names a variable which isn't there (a
 * regular expression's `{2,3}`, say) is left as it stands. Throws VariableProblem.
 */
export function expandVariables(value: Json, variables: Variables): Json {
  if (typeof value === 'string') return expandText(value, variables);
  if (Array.isArray(value)) return value.map((item) => expandVariables(item, variables));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, expandVariables(item, variables)]),
  );
}

export function expandText(text: string, { accountId, region }: Variables): string {
  const values = new Map([
    ['account_id', accountId],
    ['region', region],
    ['partition', partitionOf(region)],
    // Custodian keeps these for its actions: each stands for itself.
    ...deferred.map((name) => [name, `{${name}}`] as const),
  ]);
  let expanded = '';
  for (const piece of pieces(text)) {
    if (piece.literal !== undefined) expanded += piece.literal;
    else {
      const name = /^[^.[!:]*/.exec(piece.field)?.[0] ?? '';
      if (unsupported.has(name)) {
        throw new VariableProblem(`the variable {${name}} isn't supported by Nightshift`);
      }
      const value = values.get(name);
      if (value === undefined) return text;
      if (name !== piece.field) {
        throw new VariableProblem(`{${piece.field}}: only {${name}} by itself is supported`);
      }
      expanded += value;
    }
  }
  return expanded;
}

const deferred = [
  'account',
  'event',
  'op',
  'action_date',
  'service',
  'bucket_region',
  'bucket_name',
  'source_bucket_name',
  'source_bucket_region',
  'target_bucket_name',
  'target_prefix',
  'LoadBalancerName',
];
const unsupported = new Set(['now', 'policy']);

type Piece = { literal: string; field?: undefined } | { literal?: undefined; field: string };

// One after the other, since a name that isn't there ends the work before a mistake further on.
function* pieces(text: string): Generator<Piece> {
  const piece = /\{\{|\}\}|[^{}]+|\{((?:[^{}[\]]|\[[^\]]*\])*)\}|[{}]/y;
  for (let found = piece.exec(text); found; found = piece.exec(text)) {
    const [whole, field] = found;
    if (field !== undefined) yield { field };
    else if (whole === '{' || whole === '}') {
      throw new VariableProblem(
        `Custodian reads ${JSON.stringify(text)} as a template, where a lone ${whole} is an error; write ${whole}${whole}`,
      );
    } else yield { literal: whole === '{{' || whole === '}}' ? whole.charAt(0) : whole };
  }
}

function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
