import { setTimeout as sleep } from 'node:timers/promises';

/** Polls until a condition holds; fails with its name when it doesn't within the limit (ms). */
export async function until(
  condition: string,
  holds: () => Promise<boolean>,
  limit = 30_000,
): Promise<void> {
  const deadline = Date.now() + limit;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`waited ${limit / 1000} s for ${condition}`);
    await sleep(20);
  }
}
