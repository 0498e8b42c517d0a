import { describe, expect, it } from 'vitest';
import { renderTextSummary } from '../../src/report/index.js';
import { wrapText } from '../../src/report/wrap-text.js';
import { hostileRun } from './hostile.js';
import { sampleRun } from './sample.js';

const result = sampleRun();
const summary = renderTextSummary(result);
const flat = summary.replace(/\s+/g, ' ');

describe('the text summary', () => {
  it('keeps to 80 columns, however long the names are', () => {
    const long = 'x'.repeat(300);
    const target = result.targets[0]!;
    const item = { ...target.items[0]!, name: long, outcome: 'failed' as const, reason: long };
    const texts = [summary, renderTextSummary(hostileRun())];
    texts.push(renderTextSummary({ ...result, targets: [{ ...target, items: [item] }] }));
    for (const line of texts.join('').split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('has the status, the time it took and every total', () => {
    expect(summary).toMatch(/^Cleanup completed-with-failures in 12m \d+s\n/);
    for (const [name, count] of Object.entries(result.totals)) {
      expect(summary).toMatch(new RegExp(`^ {2}${name} +${count}$`, 'm'));
    }
    expect(summary).toMatch(new RegExp(`^ {2}AWS calls +${result.awsCalls}$`, 'm'));
  });

  it('names every failure, its reason and what to do, every block and every broken target', () => {
    for (const { items, error } of result.targets) {
      if (error) expect(flat).toContain(`${error.code} ${error.message}`);
      for (const item of items) {
        if (item.outcome === 'failed')
          expect(flat).toContain(`${item.name} ${item.reason ?? ''} ->`);
        if (item.outcome === 'blocked') expect(flat).toContain(item.name);
      }
    }
    expect(flat).toContain('in use by edge-gateway');
  });

  it('lists ten of a kind and counts the rest', () => {
    const large = sampleRun({ seed: 3, accounts: 6, regions: 3, stacksPerTarget: 60 });
    expect(large.totals.failed).toBeGreaterThan(10);
    expect(renderTextSummary(large)).toContain(`  and ${large.totals.failed - 10} more\n`);
  });

  it('obeys no escape sequence that a name may hold', () => {
    const [target] = result.targets;
    const item = {
      ...target!.items[0]!,
      outcome: 'failed' as const,
      name: 'a\u001b[2Jb\u009b31mc\rd',
    };
    const text = renderTextSummary({ ...result, targets: [{ ...target!, items: [item] }] });
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });
});

describe('wrapping', () => {
  it('breaks at blanks, and within a word only where it is longer than a line', () => {
    expect(wrapText('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrapText('a abcdefghij b', 4)).toEqual(['a', 'abcd', 'efgh', 'ij b']);
    expect(wrapText('', 10)).toEqual([]);
  });
});
