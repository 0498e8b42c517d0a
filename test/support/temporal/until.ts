import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until the condition holds: what a test waits for, however slow the machine. */
export async function until(
  what: string,
  condition: () => Promise<boolean> | boolean,
  limitMs = 300_000,
): Promise<void> {
  const end = Date.now() + limitMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`not within ${limitMs / 1000} s: ${what}`);
    await sleep(50);
  }
}
