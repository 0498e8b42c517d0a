import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Debian's packages that have what the tests call. */
const packages: Readonly<Record<string, string>> = {
  rpm: 'rpm',
  rpmbuild: 'rpm',
  createrepo_c: 'createrepo-c',
  zstd: 'zstd',
  xz: 'xz-utils',
  bzip2: 'bzip2',
  gpg: 'gnupg',
  gpgconf: 'gnupg',
  gpgv: 'gpgv',
  'dpkg-deb': 'dpkg',
  python3: 'python3',
};

export interface RunOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
}

/** Runs a tool to its end and answers with its stdout; where it is missing, says what to install. */
export async function run(
  tool: string,
  args: readonly string[],
  { cwd, env }: RunOptions = {},
): Promise<Buffer> {
  try {
    const { stdout } = await execute(tool, args, {
      cwd,
      env: { ...process.env, ...env },
      encoding: 'buffer',
      maxBuffer: 256 * 1024 ** 2,
    });
    return stdout;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new Error(
      `these tests need ${tool}: apt-get install -y ${packages[tool] ?? tool} (a directory that is missing says so, too: ${cwd ?? '.'})`,
      { cause: error },
    );
  }
}

/** A directory of a test's own, and what removes it. */
export async function scratch(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'mirror-test-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
