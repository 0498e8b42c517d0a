import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { nightshift } from './support/command.js';
import { type Workspace, createWorkspace } from './support/workspace.js';

let open: Workspace;
let denied: Workspace;

beforeAll(async () => {
  const temporalAddress = inject('temporalAddress');
  open = await createWorkspace({ temporalAddress });
  denied = await createWorkspace({ temporalAddress, faults: [{ kind: 'denyRole' }] });
});
afterAll(async () => {
  await open.close();
  await denied.close();
});

const doctorSchema = z.object({
  ok: z.boolean(),
  checks: z.array(
    z.looseObject({
      name: z.string(),
      ok: z.boolean(),
      detail: z.string(),
      mend: z.string().optional(),
    }),
  ),
});

async function doctor(workspace: Workspace, env: NodeJS.ProcessEnv = {}) {
  const { cwd } = workspace.options;
  const { code, stdout } = await nightshift(['doctor', '--json'], {
    cwd,
    env: { ...workspace.options.env, ...env },
  });
  const { checks, ok } = doctorSchema.parse(JSON.parse(stdout));
  return { code, ok, checks, failed: checks.filter((check) => !check.ok).map(({ name }) => name) };
}

/** An empty variable is no credential to the SDK. */
const noCredentials = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' };

describe('without AWS credentials', () => {
  it('a plan says which account can’t be entered, exit 4', async () => {
    const { code, stdout } = await nightshift(['cleanup', 'plan', '--local'], {
      ...open.options,
      env: { ...open.options.env, ...noCredentials },
    });
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(`account dev-1 (${open.accountId})`);
    expect(code).toBe(4);
  });

  it('doctor says so, and how to mend it, exit 4', async () => {
    await open.startWorker();
    const { code, checks } = await doctor(open, noCredentials);
    const identity = checks.find(({ name }) => name === 'AWS identity');
    expect(identity).toMatchObject({ ok: false });
    expect(identity?.mend).toContain('AWS_PROFILE');
    expect(code).toBe(4);
  });
});

describe('where the role is denied', () => {
  it('a plan and a run name the account and the role, exit 4', async () => {
    for (const args of [
      ['cleanup', 'plan', '--local'],
      ['cleanup', 'run', '--local', '--yes'],
    ]) {
      const { code, stdout } = await denied.run(...args);
      const text = stdout.replaceAll(/\s+/g, ' ');
      expect(text).toContain(denied.accountId);
      expect(text).toContain('nightshift-spoke');
      expect(code).toBe(4);
    }
  });

  it('doctor names the account, exit 4', async () => {
    await denied.startWorker();
    const { code, failed, checks } = await doctor(denied);
    expect(failed).toEqual(['Account dev-1']);
    expect(checks.find(({ ok }) => !ok)?.detail).toContain(denied.accountId);
    expect(code).toBe(4);
  });
});

describe('doctor', () => {
  it('looks at the server, the config, the identity, and each account', async () => {
    const { code, ok, checks } = await doctor(open);
    const found = Object.fromEntries(checks.map(({ name, detail }) => [name, detail]));
    expect(found['Temporal server']).toContain(inject('temporalAddress'));
    expect(found['Workers']).toContain(open.taskQueue);
    expect(found['Policy']).toContain('ephemeral-stacks');
    expect(found['AWS identity']).toContain('000000000000');
    expect(found['Account dev-1']).toBe(`${open.accountId}: us-east-1`);
    expect({ code, ok }).toEqual({ code: 0, ok: true });
  });

  it('prints lines for people, without colours in a pipe', async () => {
    const { code, stdout, stderr } = await open.run('doctor');
    expect(stdout).toContain('All is well.');
    expect(stdout + stderr).not.toContain('\u001b');
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  it('finds no worker where none polls, exit 3', async () => {
    const idle = await createWorkspace({ temporalAddress: inject('temporalAddress') });
    try {
      const { code, failed } = await doctor(idle);
      expect(failed).toEqual(['Workers']);
      expect(code).toBe(3);
    } finally {
      await idle.close();
    }
  });

  it('shows every issue of a config, and refuses a policy that matches everything, exit 2', async () => {
    await writeFile(join(open.folder, 'bad.yaml'), 'accounts: {}\npolicies: 3\n');
    const bad = await open.run('doctor', '--config', 'bad.yaml');
    expect(bad.stdout).toMatch(/failed +Config +bad\.yaml:/);
    expect(bad.code).toBe(2);
    await writeFile(
      join(open.folder, 'all.yml'),
      'policies: [{ name: everything, resource: aws.cfn, actions: [delete] }]\n',
    );
    await writeFile(
      join(open.folder, 'all.yaml'),
      `accounts: { list: [{ name: dev-1, id: "${open.accountId}" }] }\nregions: [us-east-1]\npolicies: [all.yml]\n`,
    );
    const all = await open.run('doctor', '--config', 'all.yaml');
    expect(all.stdout).toContain('everything (stack)');
    expect(all.code).toBe(2);
  });
});
