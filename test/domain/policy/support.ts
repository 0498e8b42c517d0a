import { InvalidInputError } from '../../../src/domain/errors.js';
import type { InputIssue } from '../../../src/domain/errors.js';
import { parsePolicies, selectResources } from '../../../src/domain/policy/index.js';
import type { JsonObject, Policy } from '../../../src/domain/policy/index.js';

/** A policy as it is written; what isn't given is that of a policy that is right. */
export type Written = Record<string, unknown>;

export const source = 'policies/night.yml';
export const now = new Date('2024-06-15T12:30:00Z');
export const context = { now, accountId: '111111111111', region: 'ap-southeast-2' };

const standard = {
  name: 'night',
  resource: 'aws.cfn',
  filters: [{ 'tag:ephemeral': 'true' }],
  actions: ['delete'],
};

export function policiesOf(...written: Written[]): Policy[] {
  const policies = written.map((one) => ({ ...standard, ...one }));
  return parsePolicies({ policies }, source);
}

export function policyOf(written: Written): Policy {
  const [policy] = policiesOf(written);
  if (!policy) throw new Error('there is no policy');
  return policy;
}

/** All that is wrong with a policy. */
export function issuesOf(...written: Written[]): readonly InputIssue[] {
  try {
    policiesOf(...written);
  } catch (error) {
    if (error instanceof InvalidInputError) return error.issues;
    throw error;
  }
  return [];
}

/** The one thing that is wrong with a policy, as it is shown. */
export function refusalOf(written: Written): string {
  const issues = issuesOf(written);
  if (issues.length !== 1) throw new Error(`${issues.length} issues: ${JSON.stringify(issues)}`);
  const [{ source: file, path, message } = { source: '', path: '', message: '' }] = issues;
  return `${file}: ${path}: ${message}`;
}

/** Names of the stacks that filters select. */
export function selectedNames(filters: unknown, stacks: readonly JsonObject[]): unknown[] {
  return selectResources(policyOf({ filters }), stacks, context).map(({ StackName }) => StackName);
}

export function stack(StackName: string, fields: JsonObject = {}): JsonObject {
  const StackId = `arn:aws:cloudformation:ap-southeast-2:111111111111:stack/${StackName}/1`;
  return {
    StackName,
    StackId,
    StackStatus: 'CREATE_COMPLETE',
    CreationTime: '2024-06-10T12:30:00.000Z',
    Tags: [],
    ...fields,
  };
}
