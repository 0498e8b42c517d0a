import { describe, expect, it } from 'vitest';
import { openSignals } from '../../../src/cli/build/signals.js';

describe('signals of the process', () => {
  it('are heard by all who wait, and by the next who asks where nobody did', async () => {
    const before = process.listenerCount('SIGTERM') + process.listenerCount('SIGINT');
    const signals = openSignals();
    try {
      const both = Promise.all([signals.next(), signals.next()]);
      process.emit('SIGTERM');
      expect(await both).toEqual(['terminate', 'terminate']);
      process.emit('SIGINT');
      // It is heard a moment after it came.
      await new Promise((resolve) => setImmediate(resolve));
      process.emit('SIGTERM');
      expect([await signals.next(), await signals.next()]).toEqual(['interrupt', 'terminate']);
    } finally {
      signals.close();
    }
    expect(process.listenerCount('SIGTERM') + process.listenerCount('SIGINT')).toBe(before);
  });
});
