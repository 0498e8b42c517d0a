import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { apiCalls, grantedActions, iamActions, statementsOf } from './iam-actions.js';

const root = join(import.meta.dirname, '../..');
/** Services that the workers call as the hub role; all others are called in the accounts, as the spoke role. */
const hubServices = ['ssm', 'organizations', 'sts'];
/** What is called in the accounts all the same: a Buildkite job's session is put where its build runs, as are trackers. */
const spokeCalls = [
  'ssm:PutParameter',
  'ssm:DeleteParameter',
  'ssm:GetParameters',
  'ssm:DeleteParameters',
];
/** What is called in both: secrets are the hub's, trackers and the names of base images are the accounts'. */
const bothCalls = ['ssm:GetParameter'];

const needed = { hub: new Set<string>(), spoke: new Set<string>() };

beforeAll(async () => {
  for (const file of await readdir(join(root, 'src'), { recursive: true })) {
    if (!file.endsWith('.ts')) continue;
    const source = await readFile(join(root, 'src', file), 'utf8');
    const calls = apiCalls(source);
    // Not a command of ours, but the SDK's way into an account.
    if (source.includes('fromTemporaryCredentials(')) {
      calls.push({ service: 'sts', call: 'AssumeRole' });
    }
    for (const { service, call } of calls) {
      for (const role of rolesOf(service, call))
        for (const action of iamActions(service, call)) needed[role].add(action);
    }
  }
});

function rolesOf(service: string, call: string): ('hub' | 'spoke')[] {
  const name = `${service}:${call}`;
  if (bothCalls.includes(name)) return ['hub', 'spoke'];
  return hubServices.includes(service) && !spokeCalls.includes(name) ? ['hub'] : ['spoke'];
}

describe.each(['hub', 'spoke'] as const)('the %s role', (role) => {
  const template = join(root, `deploy/iam/${role}-role.yaml`);

  it('may do all that the code calls', async () => {
    const granted = await grantedActions(template);
    expect([...needed[role]].filter((action) => !granted.has(action))).toEqual([]);
  });

  it('may do nothing that the code does not call', async () => {
    const granted = await grantedActions(template);
    expect([...granted].filter((action) => !needed[role].has(action))).toEqual([]);
  });

  it('has no wildcard among its actions', async () => {
    expect([...(await grantedActions(template))].filter((action) => action.includes('*'))).toEqual(
      [],
    );
  });
});

describe('images', () => {
  const template = join(root, 'deploy/iam/spoke-role.yaml');

  it('are changed only where they have the key of a line that is named, or get it', async () => {
    const changes = (await statementsOf(template)).filter(({ actions }) =>
      actions.some((action) => /^ec2:(Create|Delete|Deregister|Modify)/.test(action)),
    );
    expect(changes.map(({ sid }) => sid)).toEqual(['TagNewImages', 'ChangeOwnImages']);
    for (const { conditions } of changes)
      expect(conditions).toMatch(
        /^\{"StringLike":\{"aws:(Request|Resource)Tag\/nightshift:key":"\$\{ImageLines\}\/\*"\}\}$/,
      );
  });
});

describe('the reading of the code', () => {
  it('finds commands and paginators, and neither types nor clients', () => {
    const source = `
      import {
        type CloudFormationClient,
        type DeleteStackCommandOutput,
        DeleteStackCommand as Delete,
        paginateListStacks,
      } from '@aws-sdk/client-cloudformation';
      import type { ListBucketsCommand } from '@aws-sdk/client-s3';
    `;
    expect(apiCalls(source)).toEqual([
      { service: 'cloudformation', call: 'DeleteStack' },
      { service: 'cloudformation', call: 'ListStacks' },
    ]);
  });

  it('finds calls in the code there is', () => {
    expect(needed.spoke).toContain('cloudformation:DeleteStack');
    expect(needed.hub).toContain('sts:AssumeRole');
    expect(needed.spoke).toContain('imagebuilder:StartImagePipelineExecution');
  });
});
