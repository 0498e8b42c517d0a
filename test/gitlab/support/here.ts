import { GitLab, type GitLabOptions } from '../../../src/gitlab/index.js';
import { SandboxAdmin } from '../../../sandbox/admin-client.js';
import type { FleetInput } from '../../../sandbox/fleet/schema.js';
import { gitlabSandbox } from '../../../sandbox/gitlab/testing.js';
import type { Sandbox } from '../../../sandbox/index.js';

type Gitlab = NonNullable<FleetInput['gitlab']>;
export type ProjectInput = Partial<NonNullable<Gitlab['projects']>[number]>;

export const project = 'platform/images';

/** A sandbox with one project, its clock standing still, and clients that skip ahead instead of waiting. */
export class Here {
  private constructor(
    readonly sandbox: Sandbox,
    readonly admin: SandboxAdmin,
  ) {}

  static async start(of: ProjectInput = {}, more: Gitlab = {}): Promise<Here> {
    const projects = [{ id: 7, path: project, ...of }];
    const sandbox = await gitlabSandbox({ ...more, projects });
    return new Here(sandbox, new SandboxAdmin(sandbox.url));
  }

  client(options: Partial<GitLabOptions> = {}): GitLab {
    const wait = (ms: number) => Promise.resolve(this.sandbox.clock.skip(ms / 1000));
    const { url } = this.sandbox;
    return new GitLab({ url, token: 'gitlab-token', wait, random: () => 0, ...options });
  }

  /** Actions that had an effect, in their order. */
  effects(): string[] {
    return this.sandbox.ledger
      .entries({ service: 'gitlab' })
      .filter(({ effective }) => effective)
      .map(({ action }) => action);
  }

  calls(action: string): number {
    return this.sandbox.ledger.entries({ service: 'gitlab', action }).length;
  }

  close(): Promise<void> {
    return this.sandbox.close();
  }
}

/** The process dies here. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

/** A fetch that dies at its call number `at` (from 0): before it is made, or once it was carried out. */
export function dyingFetch(at: number, when: 'before' | 'after'): typeof fetch {
  let calls = 0;
  return async (input, init) => {
    const call = calls++;
    if (call > at || (call === at && when === 'before')) throw new Killed('killed');
    const response = await fetch(input, init);
    if (call < at) return response;
    await response.arrayBuffer();
    throw new Killed('killed');
  };
}
