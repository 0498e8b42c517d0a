// A virtual environment with pinned Python packages, kept in a cache outside the checkout.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const oldestPython = [3, 10];

/**
 * Makes the environment that a requirements file asks for, or finds it in the cache.
 *
 * It is built beside its final place and renamed when whole, so an interrupted build leaves nothing that
 * could be taken for an environment, and two at once don't meet: the first to finish is kept. Run its
 * programs with `python -m`: the scripts in its bin/ hold the path it was built at.
 *
 * @param {string} name of the folder in the cache, and of the environment in messages
 * @param {string} requirements path of a pip requirements file
 * @param {{ log?: (line: string) => void }} [options]
 * @returns {Promise<string>} path of its Python
 */
export async function pythonEnv(name, requirements, { log = (line) => console.error(line) } = {}) {
  const python = findPython();
  const wanted = readFileSync(requirements, 'utf8');
  const hash = createHash('sha256')
    .update(`${python.identity}\n${wanted}`)
    .digest('hex')
    .slice(0, 16);
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'nightshift', name);
  const home = join(cache, hash);
  const pythonIn = (folder) => join(folder, 'bin', 'python');
  mkdirSync(cache, { recursive: true });
  dropAbandonedBuilds(cache);
  if (existsSync(pythonIn(home))) return pythonIn(home);

  const started = Date.now();
  const build = join(cache, `${hash}.building-${process.pid}`);
  log(`${name}: making a Python environment in ${home} (once; about a minute)`);
  try {
    await makeVirtualEnvironment(python.command, build);
    log(`${name}: installing ${wanted.match(/^[\w.-]+==/gm)?.length ?? 0} pinned packages`);
    await run(pythonIn(build), pipInstall(requirements));
    try {
      renameSync(build, home);
    } catch (error) {
      if (!existsSync(pythonIn(home))) throw error; // else another process was first: use its environment
    }
  } finally {
    rmSync(build, { recursive: true, force: true });
  }
  log(`${name}: ready after ${Math.round((Date.now() - started) / 1000)} s`);
  return pythonIn(home);
}

function findPython() {
  const command = process.env.NIGHTSHIFT_PYTHON || 'python3';
  const script = 'import sys; print(sys.executable, sys.version); print(*sys.version_info[:2])';
  const asked = spawnSync(command, ['-c', script], { encoding: 'utf8' });
  if (asked.status !== 0) {
    throw new Error(
      `no Python: "${command}" could not be run. Install Python ${oldestPython.join('.')} or newer, ` +
        'or name one in NIGHTSHIFT_PYTHON.',
    );
  }
  const [identity, numbers] = asked.stdout.trim().split(/\n(?=[^\n]*$)/);
  const [major, minor] = numbers.split(' ').map(Number);
  if (major < oldestPython[0] || (major === oldestPython[0] && minor < oldestPython[1])) {
    throw new Error(
      `${command} is Python ${major}.${minor}; ${oldestPython.join('.')} or newer is needed. ` +
        'Name a newer one in NIGHTSHIFT_PYTHON.',
    );
  }
  return { command, identity };
}

/** Debian's python3 has no venv without the package python3-venv; virtualenv does as well. */
async function makeVirtualEnvironment(python, folder) {
  const attempts = [
    ['-m', 'venv', folder],
    ['-m', 'virtualenv', '--quiet', folder],
  ];
  const complaints = [];
  for (const args of attempts) {
    try {
      await run(python, args);
      return;
    } catch (error) {
      complaints.push(error.message);
      rmSync(folder, { recursive: true, force: true });
    }
  }
  throw new Error(
    `no virtual environment could be made:\n${complaints.join('\n')}\n` +
      'On Debian: apt-get install python3-venv. Elsewhere: python3 -m pip install virtualenv.',
  );
}

function pipInstall(requirements) {
  const quiet = [
    '--quiet',
    '--disable-pip-version-check',
    '--no-input',
    '--no-warn-script-location',
  ];
  return ['-m', 'pip', 'install', ...quiet, '--retries', '5', '--requirement', requirements];
}

/** Removes the builds of processes that are gone. */
function dropAbandonedBuilds(cache) {
  for (const entry of readdirSync(cache)) {
    const pid = Number(/\.building-(\d+)$/.exec(entry)?.[1] ?? NaN);
    if (Number.isInteger(pid) && !isRunning(pid))
      rmSync(join(cache, entry), { recursive: true, force: true });
  }
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Runs a program to its end; its output is shown only when it fails. */
function run(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve();
      else
        reject(
          new Error(
            `${command} ${args.slice(0, 3).join(' ')} … ended with ${signal ?? code}:\n${output}`,
          ),
        );
    });
  });
}
