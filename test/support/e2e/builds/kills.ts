import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../../../../sandbox/core/random.js';
import type { BuildsScene } from './scene.js';

/** Calls after which a worker knows what the server doesn't yet. */
const tellingCalls = [
  'StartBuild',
  'Register',
  'Ping',
  'AcceptJob',
  'StackBatchReserve',
  'AcquireJob',
  'StartJob',
  'PutParameter',
  'UploadChunk',
  'GetLogEvents',
  'BatchGetBuilds',
  'FinishJob',
  'DeleteParameter',
  'Disconnect',
] as const;

/** What a moment is waited for at most, in milliseconds: a call may not come. */
const patience = 1_000;

export interface Kills {
  count: number;
  /** Done before each of them, numbered from 0, with a worker at work. */
  before?: (index: number) => Promise<void>;
}

/**
 * Kills the worker of a scene again and again, and starts another: half of the times right after a call that matters,
 * else at any moment. Returns what it was killed at.
 */
export async function killWorkers(
  scene: BuildsScene,
  random: Random,
  { count, before }: Kills,
): Promise<string[]> {
  const killed: string[] = [];
  let worker = await scene.startWorker();
  for (let index = 0; index < count; index++) {
    const since = scene.sandbox.ledger.size;
    await before?.(index);
    const call = random.chance(0.5) ? random.pick(tellingCalls) : undefined;
    if (call === undefined) await delay(random.between(0, patience));
    else await untilCalled(scene, call, since);
    await delay(random.pick([0, 0, random.between(0, 50)]));
    await worker.kill();
    killed.push(call ?? 'any moment');
    worker = await scene.startWorker();
  }
  return killed;
}

async function untilCalled(
  { sandbox: { ledger } }: BuildsScene,
  action: string,
  since: number,
): Promise<void> {
  const end = Date.now() + patience;
  while (Date.now() < end && ledger.entries({ action, since, limit: 1 }).length === 0)
    await delay(2);
}
