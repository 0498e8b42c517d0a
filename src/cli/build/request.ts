import { type BuildRequest, buildInputSchema } from '../../domain/builds/input.js';
import { parseInput } from '../../domain/config/index.js';
import { type InputIssue, InvalidInputError } from '../../domain/errors.js';
import { readBuildspec } from './buildspec.js';
import { readSinks } from './sinks.js';
import { type VariableFlags, readVariables } from './variables.js';

/** Flags that say what is to be built, and how. */
export interface RequestFlags extends VariableFlags {
  preset?: string;
  project?: string;
  account?: string;
  region?: string;
  sourceVersion?: string;
  image?: string;
  computeType?: string;
  environmentType?: string;
  privileged?: boolean;
  buildspec?: string;
  timeout?: string;
  queuedTimeout?: string;
  attempts?: string;
  sink?: string[];
  local?: boolean;
}

const source = 'build run';

/** Fields of the request that are flags of the same name. */
const sameName = [
  'preset',
  'project',
  'account',
  'region',
  'sourceVersion',
  'image',
  'computeType',
  'environmentType',
  'privileged',
  'timeout',
  'queuedTimeout',
] as const;

export interface ReadRequest {
  request: BuildRequest;
  /** What was made of flags that can mean two things. */
  notes: string[];
}

/**
 * The build that the flags ask for, without a setup.
 *
 * @throws InvalidInputError with everything that is wrong, each with its flag.
 */
export async function readRequest(flags: RequestFlags): Promise<ReadRequest> {
  const { env, flagOf, issues } = readVariables(flags, source);
  const { sinks, issues: sinkIssues } = readSinks(flags.sink ?? [], source, flags.local ?? false);
  issues.push(...sinkIssues);
  if (flags.project === undefined && flags.preset === undefined)
    issues.push({
      source,
      path: '--project',
      message: 'is missing: must name a CodeBuild project (or --preset one of builds.presets)',
    });
  const buildspec =
    flags.buildspec === undefined ? undefined : await readBuildspec(flags.buildspec, source);
  const request = {
    ...given(flags),
    ...(Object.keys(env).length > 0 ? { env } : {}),
    ...(sinks.length > 0 ? { sinks } : {}),
    ...(buildspec ? { buildspec: buildspec.buildspec } : {}),
    ...(flags.attempts === undefined ? {} : { retry: { attempts: count(flags.attempts) } }),
  };
  const parsed = parse(request, flagOf);
  if (parsed.kind === 'wrong') throw new InvalidInputError([...issues, ...parsed.issues]);
  if (issues.length > 0) throw new InvalidInputError(issues);
  return { request: parsed.request, notes: buildspec?.note === undefined ? [] : [buildspec.note] };
}

function given(flags: RequestFlags): Record<string, unknown> {
  return Object.fromEntries(
    sameName.flatMap((name) => (flags[name] === undefined ? [] : [[name, flags[name]]])),
  );
}

/** A number, where it is one; else the text, for the schema to refuse. */
function count(text: string): number | string {
  return /^\d{1,9}$/.test(text) ? Number(text) : text;
}

type Parsed = { kind: 'right'; request: BuildRequest } | { kind: 'wrong'; issues: InputIssue[] };

function parse(request: unknown, flagOf: ReadonlyMap<string, string>): Parsed {
  try {
    return { kind: 'right', request: parseInput(buildInputSchema, request, source) };
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    const issues = error.issues.map((issue) => ({ ...issue, path: flagPath(issue.path, flagOf) }));
    return { kind: 'wrong', issues };
  }
}

/** The flag that a field of the request came from: `--compute-type` for `computeType`. */
function flagPath(path: string, flagOf: ReadonlyMap<string, string>): string {
  const [field = ''] = path.split(/[.[]/);
  switch (field) {
    case 'env': {
      const name = /^env(?:\.([\w-]+)|\["(.*?)"\])/.exec(path)?.slice(1).find(Boolean) ?? '';
      return `${flagOf.get(name) ?? '--env'} ${name}`;
    }
    case 'sinks':
      return '--sink';
    case 'retry':
      return '--attempts';
    default:
      return `--${field.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  }
}
