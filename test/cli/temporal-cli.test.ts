import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { obtainCli } from '../../src/temporal/server-cli/obtain.js';
import { type Workspace, createWorkspace } from './support/workspace.js';

let workspace: Workspace;
let temporal: string;

beforeAll(async () => {
  workspace = await createWorkspace({ temporalAddress: inject('temporalAddress') });
  await workspace.startWorker();
  temporal = (await obtainCli()).path;
});
afterAll(() => workspace.close());

/** What another team’s tool does: start the workflow by its name. */
async function execute(input: string): Promise<{ id: string; output: string }> {
  const id = `other-team-${randomBytes(4).toString('hex')}`;
  const args = [
    ...['workflow', 'execute', '--address', inject('temporalAddress'), '--workflow-id', id],
    ...['--task-queue', workspace.taskQueue, '--type', 'cleanup', '--input', input],
    ...['--output', 'json'],
  ];
  const { stdout } = await promisify(execFile)(temporal, args).catch(
    // A workflow that fails makes the command fail, and its failure is in what it printed.
    (error: unknown) => {
      const { stdout, stderr } = z.object({ stdout: z.string(), stderr: z.string() }).parse(error);
      return { stdout: stdout + stderr };
    },
  );
  return { id, output: stdout };
}

describe('temporal workflow start --type cleanup', () => {
  it('runs with the worker’s own config, and is found by its id', async () => {
    const { id, output } = await execute('{"policies":["ephemeral-stacks"]}');
    expect(output).toContain('"completed"');
    const { code, stdout } = await workspace.run('cleanup', 'report', id, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ status: 'completed', totals: { deleted: 2 } });
    expect(code).toBe(0);
  });

  it.each([
    { input: '{"policy":["x"]}', field: 'policy', says: 'policies' },
    { input: '{"policies":"x"}', field: 'policies', says: 'must be a list' },
    { input: '{"mode":"destroy"}', field: 'mode', says: 'plan' },
    { input: '{"policies":["nope"]}', field: 'policies', says: 'there is no policy nope' },
  ])('fails at once on $input, naming the field', async ({ input, field, says }) => {
    const { id, output } = await execute(input);
    expect(output).toContain('InvalidInput');
    expect(output).toContain(field);
    expect(output).toContain(says);
    const status = await workspace.run('cleanup', 'status', id);
    expect(status.stderr).toContain(says);
    expect(status.code).toBe(2);
  });
});
