import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { temporalCliFolder } from '../package-root.js';
import { reporting, type OnProgress, type ServerProgress } from '../progress.js';
import { withLock } from '../state-lock.js';
import { builtCliFolder } from './cache.js';
import { runChild, type ChildRun } from './child.js';
import { goEnvironment } from './go.js';
import { isExecutable } from './on-path.js';

export interface BuildOptions {
  /** Path of the `go` program. */
  go: string;
  env: NodeJS.ProcessEnv;
  onProgress?: OnProgress | undefined;
  signal: AbortSignal;
  /** Folder of the module to build; `tools/temporal-cli` unless given. */
  moduleFolder?: string | undefined;
}

type Step = Omit<ServerProgress, 'elapsedMs'>;

const cliPackage = 'github.com/temporalio/cli/cmd/temporal';
const binaryName = process.platform === 'win32' ? 'temporal.exe' : 'temporal';
const partial = '.partial';
/** Ten times what the build takes on two cores, in milliseconds. */
const deadlineMs = 50 * 60_000;

/** The CLI that was built earlier from the same module on the same platform, if it was. */
export async function builtCli(
  env: NodeJS.ProcessEnv,
  moduleFolder = temporalCliFolder(),
): Promise<string | undefined> {
  const path = join(await builtCliFolder(env, moduleFolder), binaryName);
  return (await isExecutable(path)) ? path : undefined;
}

/**
 * Builds the Temporal CLI into the cache and returns its path. One process builds, others wait for it.
 * The binary appears under its name only when it is whole: an interrupted build leaves nothing that could
 * be taken for one, and Go's own cache makes the next attempt go on where it stopped.
 */
export async function buildCli(options: BuildOptions): Promise<string> {
  const moduleFolder = options.moduleFolder ?? temporalCliFolder();
  const folder = await builtCliFolder(options.env, moduleFolder);
  await mkdir(folder, { recursive: true });
  const waiting = 'Waiting for another process that builds the Temporal CLI';
  let step: Step = { phase: 'modules', message: 'Preparing to build the Temporal CLI' };
  const lock = {
    of: 'the build of the Temporal CLI',
    onWait: () => (step = { phase: 'waiting', message: waiting }),
    deadlineMs,
    signal: options.signal,
  };
  return reporting(
    options.onProgress,
    () => step,
    () =>
      withLock(join(folder, '.lock'), lock, async () => {
        const path = join(folder, binaryName);
        if (await isExecutable(path)) return path;
        await removePartial(folder);
        const scratch = join(folder, `${binaryName}.${process.pid}${partial}`);
        try {
          await compile(options, moduleFolder, scratch, (next) => (step = next));
          await keep(scratch, path);
        } finally {
          await rm(scratch, { force: true });
        }
        return path;
      }),
  );
}

async function compile(
  options: BuildOptions,
  moduleFolder: string,
  output: string,
  onStep: (step: Step) => void,
): Promise<void> {
  const go = (args: readonly string[], onStderrLine: (line: string) => void): Promise<ChildRun> =>
    runChild({
      command: options.go,
      args,
      cwd: moduleFolder,
      env: goEnvironment(options.env),
      signal: options.signal,
      onStderrLine,
    });

  const fetching = 'Fetching the Go modules of the Temporal CLI: module';
  const downloads = counter((done) => onStep({ phase: 'modules', message: fetching, done }));
  const flags = ['-mod=readonly', '-trimpath', '-buildvcs=false'];
  // Stale: what Go's own cache does not hold yet, so that the count ends where the total says.
  const stale = '{{if .Stale}}{{.ImportPath}}{{end}}';
  const listed = await go(['list', ...flags, '-deps', '-f', stale, cliPackage], downloads);
  expectSuccess('go list', listed);

  const total = listed.stdout.split('\n').filter((line) => line !== '').length;
  const compiling = 'Building the Temporal CLI, once: package';
  const step = { phase: 'compiling', message: compiling, total } as const;
  onStep({ ...step, done: 0 });
  const packages = counter((done) => onStep({ ...step, done: Math.min(done, total) }));
  const link = `-s -w -X github.com/temporalio/cli/temporalcli.Version=${cliModuleVersion}`;
  const args = ['build', ...flags, '-v', '-ldflags', link, '-o', output, cliPackage];
  expectSuccess('go build', await go(args, packages));
}

/** What `temporal --version` shall say; a test holds it to go.mod. */
export const cliModuleVersion = '1.5.1';

/** Go names each module that it downloads, and each package that it compiles, on a line of stderr. */
function counter(onCount: (count: number) => void): (line: string) => void {
  let count = 0;
  return () => onCount((count += 1));
}

function expectSuccess(command: string, result: ChildRun): void {
  if (result.code === 0) return;
  const ended = result.code === null ? 'was killed' : `ended with code ${result.code}`;
  throw new Error(`${command} ${ended}:\n${result.stderrTail}`);
}

/** On disk before it gets its name: a power cut must not leave an empty file of that name. */
async function keep(scratch: string, path: string): Promise<void> {
  const file = await open(scratch, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(scratch, path);
}

/** What a builder that was killed has left. */
async function removePartial(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.endsWith(partial)) await rm(join(folder, name), { force: true });
  }
}
