import { fork, type ChildProcess } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import ts from 'typescript';
import { packageRoot } from '../../../src/temporal/package-root.js';

/**
 * Runs a little program that imports from `src/` in a process of its own, so that a test can kill it. The
 * sources are transpiled for it, as they are now; `src` in the text stands for their folder.
 */
export async function runProgram(text: string, env: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const folder = await transpiledSources();
  const file = join(folder, `program-${programs++}.mjs`);
  await writeFile(file, text.replaceAll("'src/", `'${folder}/src/`));
  const child = fork(file, [], { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** The next message that the program sends; fails when it ends first. */
export function nextMessage(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    let stderr = '';
    child.stderr?.on('data', (chunk) => (stderr += String(chunk)));
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`ended with code ${code}: ${stderr}`)));
  });
}

export function ended(child: ChildProcess): Promise<number | NodeJS.Signals | null> {
  if (child.exitCode !== null) return Promise.resolve(child.exitCode);
  if (child.signalCode !== null) return Promise.resolve(child.signalCode);
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)));
}

let programs = 0;
let sources: Promise<string> | undefined;

/** Within node_modules, so that imports of packages are found from there, and nobody lints it. */
function transpiledSources(): Promise<string> {
  sources ??= transpile(join(packageRoot(), 'node_modules', `.nightshift-test-${process.pid}`));
  return sources;
}

/** Call in `afterAll` of a file that runs programs. */
export async function removePrograms(): Promise<void> {
  if (sources !== undefined) await rm(await sources, { recursive: true, force: true });
  sources = undefined;
}

async function transpile(folder: string): Promise<string> {
  for (const part of ['src/temporal', 'src/domain']) {
    for (const name of await readdir(join(packageRoot(), part), { recursive: true })) {
      if (!name.endsWith('.ts')) continue;
      const source = await readFile(join(packageRoot(), part, name), 'utf8');
      const target = join(folder, part, name.replace(/\.ts$/, '.js'));
      const { outputText } = ts.transpileModule(source, {
        compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 },
      });
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, outputText);
    }
  }
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n');
  return folder;
}
