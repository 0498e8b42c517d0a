import { createHash } from 'node:crypto';
import type { SandboxAdmin } from '../../sandbox/admin-client.js';
import type { BuildHandle } from '../../src/client/index.js';

/** What a log is, so short that a difference between two can be read. */
export interface LogDigest {
  bytes: number;
  sha256: string;
}

export function digestOf(log: string | Uint8Array): LogDigest {
  const bytes = Buffer.from(log);
  return { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** The whole log of a build as the sandbox wrote it. */
export async function truthOf(admin: SandboxAdmin, buildId: string): Promise<LogDigest> {
  const { bytes, sha256 } = await admin.buildLog(buildId, { text: false });
  return { bytes, sha256 };
}

/** The text that a handle's `logs` gives. */
export async function textOf(build: BuildHandle): Promise<string> {
  let text = '';
  for await (const { events } of build.logs()) for (const { message } of events) text += message;
  return text;
}
