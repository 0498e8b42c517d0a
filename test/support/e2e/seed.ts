import { Random } from '../../../sandbox/core/random.js';

/**
 * Chance for a test. Each run has other moments; NIGHTSHIFT_TEST_SEED makes one happen again, as far as
 * processes do.
 */
export function chance(test: string): Random {
  const given = Number(process.env['NIGHTSHIFT_TEST_SEED']);
  const seed = Number.isInteger(given) && given > 0 ? given : Math.ceil(Math.random() * 1e9);
  process.stderr.write(`${test}: to run it again, NIGHTSHIFT_TEST_SEED=${seed}\n`);
  return new Random(seed);
}
