import type { SandboxAdmin } from '../../../../sandbox/admin-client.js';
import type { LineHandle, LineStatus } from '../../../client/index.js';

/** How the line stands, and what the cloud is at. */
export interface Standing {
  status: LineStatus;
  /** Builds that go on in CodeBuild. */
  builds: number;
  /** Copies that go on in EC2. */
  copies: number;
}

export async function standingOf(
  line: LineHandle,
  admin: SandboxAdmin,
  signal: AbortSignal,
): Promise<Standing> {
  const status = await line.status(signal);
  const builds = await admin.builds({ status: 'IN_PROGRESS' });
  const copies = await admin.imageCopies();
  return { status, builds: builds.length, copies: copies.length };
}
