import { InvalidInputError } from '../../../src/domain/errors.js';
import type { Policy } from '../../../src/domain/policy/index.js';
import { parsePolicies } from '../../../src/domain/policy/index.js';

export const stackPolicy = { name: 'old-stacks', resource: 'aws.cfn', actions: ['delete'] };

/** Parses one policy: a plain policy for stacks, with what is given laid over it. */
export function parsePolicy(over: Record<string, unknown>): Policy {
  const [policy] = parsePolicies({ policies: [{ ...stackPolicy, ...over }] }, 'test.yml');
  return policy!;
}

/** The issues that a document is refused with, as `path: message`. */
export function issuesOf(document: unknown): string[] {
  try {
    parsePolicies(document, 'test.yml');
    return [];
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    return error.issues.map(({ path, message }) => `${path}: ${message}`);
  }
}

/** The same for one policy, laid over a plain one. */
export function policyIssues(over: Record<string, unknown>): string[] {
  return issuesOf({ policies: [{ ...stackPolicy, ...over }] });
}
