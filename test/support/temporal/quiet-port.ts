import { randomInt } from 'node:crypto';
import { isPortFree } from '../../../src/temporal/address.js';

/**
 * A free port that nobody is given by chance: systems give theirs from 32768 upwards. For what is to be found there
 * again after it was away.
 */
export async function quietPort(): Promise<number> {
  for (let tries = 0; tries < 50; tries += 1) {
    const port = randomInt(20_000, 30_000);
    if (await isPortFree(port)) return port;
  }
  throw new Error('no port from 20000 to 30000 is free');
}
