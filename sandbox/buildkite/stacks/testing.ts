import { SandboxAdmin } from '../../admin-client.js';
import type { Sandbox } from '../../index.js';
import { buildkiteSandbox, call, clusterToken, otherUuid, uuid, type Answer } from '../testing.js';

export const stackBody = {
  key: 'ours',
  type: 'custom',
  queue_key: '__default__',
  metadata: { v: '1' },
};

/** A sandbox with two jobs and the stack `ours`, which makes the calls of one. */
export class TestStack {
  private constructor(
    readonly sandbox: Sandbox,
    readonly admin: SandboxAdmin,
  ) {}

  static async begin(settings: Parameters<typeof buildkiteSandbox>[0] = {}): Promise<TestStack> {
    const one = { uuid, command: 'make', env: { A: 'b' }, priority: 1, tags: ['os=linux'] };
    const jobs = [{ ...one, label: 'one' }, { uuid: otherUuid }];
    const sandbox = await buildkiteSandbox({ jobs, ...settings });
    const stack = new TestStack(sandbox, new SandboxAdmin(sandbox.url));
    await stack.register();
    return stack;
  }

  register(body: unknown = stackBody): Promise<Answer> {
    return call(this.sandbox, 'POST', '/stacks/register', { token: clusterToken, body });
  }

  ask(method: string, path: string, body?: unknown, stack = 'ours'): Promise<Answer> {
    return call(this.sandbox, method, `/stacks/${stack}${path}`, { token: clusterToken, body });
  }

  list(query = 'queue_key=default'): Promise<Answer> {
    return this.ask('GET', `/scheduled-jobs?${query}`);
  }

  reserve(uuids: string[], more: object = {}, stack = 'ours'): Promise<Answer> {
    const body = { job_uuids: uuids, ...more };
    return this.ask('PUT', '/scheduled-jobs/batch-reserve', body, stack);
  }

  async stateOf(job: string): Promise<string> {
    return (await this.admin.buildkiteJob(job)).state;
  }

  close(): Promise<void> {
    return this.sandbox.close();
  }
}
