import { describe, expect, it } from 'vitest';
import { renderHtmlReport } from '../../src/report/index.js';
import { layeredRun } from './graph-sample.js';
import { sampleRun } from './sample.js';

const seed = 3;

// The limits are several times what is measured (0.4 s and 1.5 s on two cores): what they catch is a
// layout that has become quadratic, not a slow machine.
describe(`a large report (seed ${seed})`, () => {
  it('of 500 stacks that all hang together, 12 deep, is made within 2 s', { timeout: 2000 }, () => {
    const html = renderHtmlReport(layeredRun({ nodes: 500, layers: 12, edges: 3, seed }));
    expect(html.match(/<g class="node /g)).toHaveLength(500);
  });

  it(
    'of 192 targets with 100 stacks each is made within 20 s and 30 MB',
    { timeout: 20_000 },
    () => {
      const result = sampleRun({ seed, accounts: 12, regions: 16, stacksPerTarget: 98 });
      expect(result.targets).toHaveLength(192);
      expect(result.targets.flatMap((target) => target.items).length).toBeGreaterThan(19_200);
      const html = renderHtmlReport(result);
      expect(Buffer.byteLength(html)).toBeLessThan(30e6);
    },
  );
});
