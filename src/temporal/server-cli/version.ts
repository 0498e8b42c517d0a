import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The oldest server inside a CLI that Nightshift starts: updates and current SDK calls need it. */
export const minimumServer = '1.27.0';

export interface CliVersion {
  /** Of the CLI itself; `0.0.0-DEV` for one built without a version. */
  cli: string;
  /** Of the server in it. */
  server: string;
}

/** What `temporal --version` says, or undefined when it is no Temporal CLI, or does not run. */
export async function cliVersion(path: string): Promise<CliVersion | undefined> {
  try {
    const { stdout } = await run(path, ['--version'], { timeout: 20_000 });
    const match = /temporal version (?<cli>\S+) \(Server (?<server>[\d.]+)/i.exec(stdout);
    const { cli, server } = match?.groups ?? {};
    return cli === undefined || server === undefined ? undefined : { cli, server };
  } catch {
    return undefined;
  }
}

export function isRecent(version: CliVersion): boolean {
  return compareVersions(version.server, minimumServer) >= 0;
}

/** Compares dotted numbers: negative when `a` is the older one. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => text.split('.').map(Number));
  for (let i = 0; i < 3; i += 1) {
    const difference = (left?.[i] ?? 0) - (right?.[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
