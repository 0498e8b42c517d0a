// Runs the cleanup against MiniStack, an AWS emulator that is not ours, and compares what it selects with
// Cloud Custodian's own dry run. Arguments are passed to vitest.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pythonEnv } from './python-env.mjs';

const root = join(import.meta.dirname, '..');
const suite = join(root, 'test', 'emulator');

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

async function main(args) {
  const cli = join(root, 'dist', 'src', 'cli', 'main.js');
  if (!existsSync(cli)) throw new Error(`${cli} is not there: run npm run build first`);
  const python = await pythonEnv('emulator', join(suite, 'requirements.txt'));
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const config = join(suite, 'vitest.config.ts');
  return runToEnd(process.execPath, [vitest, 'run', '--config', config, ...args], {
    ...process.env,
    NIGHTSHIFT_EMULATOR_PYTHON: python,
  });
}

/** Runs a program in the foreground; resolves to its exit code. */
function runToEnd(command, args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] });
    // Ctrl-C reaches vitest too: stay until it has stopped its servers.
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}
