import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { apiCalls, grantedActions, iamActions } from './iam-actions.js';

const root = join(import.meta.dirname, '../..');
/** Services that the workers call as the hub role; all others are called in the accounts, as the spoke role. */
const hubServices = ['ssm', 'organizations', 'sts'];
/** What is called in the accounts all the same: a Buildkite job's session is put where its build runs. */
const spokeCalls = ['ssm:PutParameter', 'ssm:DeleteParameter'];

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
      const isHubs = hubServices.includes(service) && !spokeCalls.includes(`${service}:${call}`);
      const role = isHubs ? needed.hub : needed.spoke;
      for (const action of iamActions(service, call)) role.add(action);
    }
  }
});

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
  });
});
