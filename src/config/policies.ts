import { readFile } from 'node:fs/promises';
import { InvalidInputError } from '../domain/errors.js';
import type { InputIssue } from '../domain/errors.js';
import type { Locate } from '../domain/config/index.js';
import { parsePolicies } from '../domain/policy/index.js';
import type { Policy } from '../domain/policy/index.js';
import { displayPath } from './config-file.js';
import { parseFieldPath } from './field-path.js';
import { findFiles } from './policy-files.js';
import { custodianYaml } from './policy-yaml.js';
import { readYaml } from './yaml-source.js';

export interface PolicyFilesQuery {
  /** Paths and globs, as the config lists them. */
  patterns: readonly string[];
  /** What they are relative to: the folder of the config. */
  folder: string;
  cwd: string;
  /** Where the config has its fields, for errors about the patterns. */
  locate: Locate;
}

/**
 * Reads every policy file once, in the order of the patterns and of the names they find.
 * Throws InvalidInputError with all issues of all files; a name used twice is one.
 */
export async function loadPolicies(query: PolicyFilesQuery): Promise<Policy[]> {
  const { files, issues } = await policyFiles(query);
  const policies: Policy[] = [];
  let hint: string | undefined;
  for (const path of files) {
    const text = await readFile(path, 'utf8');
    try {
      policies.push(...parseFile(text, displayPath(path, query.cwd)));
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      issues.push(...error.issues);
      hint ??= error.hint;
    }
  }
  issues.push(...duplicates(policies));
  if (issues.length > 0) throw new InvalidInputError(issues, hint === undefined ? {} : { hint });
  return policies;
}

async function policyFiles({
  patterns,
  folder,
  locate,
}: PolicyFilesQuery): Promise<{ files: Set<string>; issues: InputIssue[] }> {
  const files = new Set<string>();
  const issues: InputIssue[] = [];
  for (const [index, pattern] of patterns.entries()) {
    const found = await findFiles(pattern, folder);
    for (const file of found) files.add(file);
    if (found.length > 0) continue;
    issues.push({
      source: locate(['policies', index]).source,
      path: `policies[${index}]`,
      message: `"${pattern}" names no file in ${folder}; it must be a path or glob of policy files, relative to the config`,
    });
  }
  return { files, issues };
}

function parseFile(text: string, file: string): Policy[] {
  const { value, locate } = readYaml(text, file, custodianYaml);
  try {
    return parsePolicies(value, file);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    // The parser knows paths; the file knows lines.
    const issues = error.issues.map((issue) => ({
      ...issue,
      source: locate(parseFieldPath(issue.path)).source,
    }));
    const hint = error.hint === undefined ? {} : { hint: error.hint };
    throw new InvalidInputError(issues, { ...hint, cause: error });
  }
}

// Within one file the parser has seen to it.
function duplicates(policies: readonly Policy[]): InputIssue[] {
  return policies.flatMap(({ name, source }, index) => {
    const first = policies.slice(0, index).find((other) => other.name === name);
    if (!first) return [];
    const message = `the policy "${name}" is in ${first.source} already; each name may be used once`;
    return [{ source, path: 'policies', message }];
  });
}
