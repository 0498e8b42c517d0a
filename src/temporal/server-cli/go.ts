import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { onPath } from './on-path.js';
import { messageOf } from '../message-of.js';
import { compareVersions } from './version.js';

const run = promisify(execFile);

/** From this version on, Go fetches the newer toolchain that a module asks for by itself. */
const oldestGo = '1.21';

export interface GoTool {
  path: string;
  /** Such as `1.25.3`. */
  version: string;
}

/** The Go on the PATH, or why it can't be used. */
export async function findGo(env: NodeJS.ProcessEnv): Promise<GoTool | { problem: string }> {
  const path = await onPath('go', env);
  if (path === undefined) return { problem: 'go is not on the PATH' };
  try {
    const { stdout } = await run(path, ['version'], { env, timeout: 20_000 });
    const version = /\bgo(\d+\.\d+(\.\d+)?)/.exec(stdout)?.[1];
    if (version === undefined) return { problem: `${path} does not tell its version` };
    if (compareVersions(version, oldestGo) < 0) {
      return { problem: `${path} is Go ${version}, too old to build it` };
    }
    return { path, version };
  } catch (cause) {
    const message = messageOf(cause);
    return { problem: `${path} does not run: ${message}` };
  }
}

/** The environment for the build: the user's own, without what would build for another machine. */
export function goEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = Object.entries(env).filter(([name]) => name !== 'GOOS' && name !== 'GOARCH');
  // Without cgo it needs no C compiler and runs whatever the C library; SQLite in it is pure Go.
  return { ...Object.fromEntries(own), CGO_ENABLED: '0', GOWORK: 'off', GO111MODULE: 'on' };
}
