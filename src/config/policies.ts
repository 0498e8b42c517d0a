import { readFile } from 'node:fs/promises';
import { InvalidInputError } from '../domain/errors.js';
import type { InputIssue } from '../domain/errors.js';
import type { Locate } from '../domain/config/index.js';
import { displayPath } from './config-file.js';
import { parseFieldPath } from './field-path.js';
import { findFiles } from './policy-files.js';
import { custodianYaml } from './policy-yaml.js';
import { readYaml } from './yaml-source.js';

export interface LoadPoliciesOptions<P> {
  /** Paths and globs, as the config lists them. */
  patterns: readonly string[];
  /** What they are relative to: the folder of the config. */
  folder: string;
  cwd: string;
  /** Where the config has its fields, for errors about the patterns. */
  locate: Locate;
  /** Makes policies of a file's document; throws InvalidInputError. `source` names the file. */
  parse: (document: unknown, source: string) => P[];
}

/**
 * Reads every policy file once, in the order of the patterns and of their names.
 * Throws InvalidInputError with all issues of all files; a name used twice is one.
 */
export async function loadPolicies<P extends { name: string }>(
  options: LoadPoliciesOptions<P>,
): Promise<P[]> {
  const { files, issues } = await policyFiles(options);
  const read: { policy: P; file: string }[] = [];
  for (const path of files) {
    const file = displayPath(path, options.cwd);
    try {
      const text = await readFile(path, 'utf8');
      for (const policy of parseFile(text, file, options.parse)) read.push({ policy, file });
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      issues.push(...error.issues);
    }
  }
  issues.push(...duplicates(read.map(({ policy, file }) => ({ name: policy.name, file }))));
  if (issues.length > 0) throw new InvalidInputError(issues);
  return read.map(({ policy }) => policy);
}

async function policyFiles({
  patterns,
  folder,
  locate,
}: LoadPoliciesOptions<unknown>): Promise<{ files: Set<string>; issues: InputIssue[] }> {
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

function parseFile<P>(
  text: string,
  file: string,
  parse: (document: unknown, source: string) => P[],
): P[] {
  const { value, locate } = readYaml(text, file, custodianYaml);
  try {
    return parse(value, file);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    // The parser knows paths; the file knows lines.
    const issues = error.issues.map((issue) =>
      issue.source === file
        ? { ...issue, source: locate(parseFieldPath(issue.path)).source }
        : issue,
    );
    throw new InvalidInputError(issues, { hint: error.hint, cause: error });
  }
}

function duplicates(policies: readonly { name: string; file: string }[]): InputIssue[] {
  return policies.flatMap(({ name, file }, index) => {
    const first = policies.slice(0, index).find((other) => other.name === name);
    if (!first) return [];
    const message = `the policy "${name}" is in ${first.file} already; each name may be used once`;
    return [{ source: file, path: 'policies', message }];
  });
}
