import { readdir, readFile } from 'node:fs/promises';

/**
 * Kills every process that has this in its environment, as those have that left their process group. Where there is
 * no /proc, there is no way to know, and nothing happens.
 */
export async function killLeftovers(assignment: string): Promise<void> {
  // One may start another while the list is read.
  for (let round = 0; round < 10; round++) {
    const found = await withEnvironment(assignment);
    if (found.length === 0) return;
    for (const pid of found) kill(pid);
  }
}

/** Kills a process, or with a negative id a process group. One that is gone is no matter. */
export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // ESRCH: gone. EPERM: gone, too, on systems that say so of what only waits to be collected.
  }
}

async function withEnvironment(assignment: string): Promise<number[]> {
  const names = await readdir('/proc').catch(() => []);
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number);
  const found: number[] = [];
  for (const pid of pids) {
    // Of another user, or gone by now.
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    if (environment.split('\0').includes(assignment)) found.push(pid);
  }
  return found;
}
