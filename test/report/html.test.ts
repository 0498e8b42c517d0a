import { describe, expect, it } from 'vitest';
import type { RunResult } from '../../src/domain/cleanup/result.js';
import { runResultSchema } from '../../src/domain/cleanup/result.js';
import { renderHtmlReport } from '../../src/report/index.js';
import { attack, hostileRun } from './hostile.js';
import { sampleRun } from './sample.js';

const result = sampleRun();
const page = renderHtmlReport(result);

/** The page's text from where a section begins to where it ends. */
function sectionOf(html: string, id: string): string {
  const from = html.indexOf(`<section id="${id}"`);
  return html.slice(from, html.indexOf('</section>', from));
}

function itemsWith(outcome: string) {
  return result.targets.flatMap((t) => t.items).filter((item) => item.outcome === outcome);
}

describe('the sample', () => {
  it('is a valid result of 12 targets, and the same each time', () => {
    expect(runResultSchema.parse(result)).toEqual(result);
    expect(result.targets).toHaveLength(12);
    expect(sampleRun()).toEqual(result);
    for (const total of Object.values(result.totals)) expect(total).toBeGreaterThan(0);
  });
});

describe('the HTML report', () => {
  it('is the same for the same result', () => {
    expect(renderHtmlReport(result)).toBe(page);
  });

  it('loads nothing: no element refers to the network', () => {
    expect(page).not.toMatch(/<(script|img|iframe|object|embed|video|audio|source)[^>]*\ssrc=/i);
    expect(page).not.toMatch(/<link(?![^>]*href="data:)/i);
    expect(page).not.toMatch(/@import|@font-face/i);
    expect(page).not.toMatch(/url\((?!#)/i);
  });

  it('has a policy that lets only its own script run', () => {
    const policy = /Content-Security-Policy" content="([^"]+)"/.exec(page)?.[1] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/script-src 'sha256-[\w+/]+=*';/);
    expect(policy).not.toMatch(/script-src[^;]*unsafe/);
  });

  it('shows the totals of the result', () => {
    const { totals, awsCalls } = result;
    const shown = { ...totals, orphan: totals.orphaned, calls: awsCalls };
    for (const name of ['deleted', 'skipped', 'blocked', 'failed', 'orphan', 'calls'] as const) {
      const tile = new RegExp(`data-total="${name}".*?tile-count">([\\d,]+)<`).exec(page)?.[1];
      expect(tile, name).toBe(shown[name].toLocaleString('en-US'));
    }
  });

  it('says why a target could not be worked on, and what to do', () => {
    const denied = result.targets.find((target) => target.error !== undefined);
    const targets = sectionOf(page, 'targets');
    expect(targets).toContain('Not inspected');
    expect(targets).toContain(denied?.error?.message);
    expect(targets).toContain(denied?.error?.hint);
  });

  it('shows each failure with its reason, class, events and what to do next', () => {
    const failures = sectionOf(page, 'failures');
    const cards = failures.split('<article').slice(1);
    const failed = itemsWith('failed');
    expect(cards).toHaveLength(failed.length);
    failed.forEach((item, index) => {
      const card = cards[index];
      expect(card).toContain(item.name);
      expect(card).toContain(item.reason);
      expect(card).toContain(item.failureClass);
      expect(card).toContain('What to do next:');
      expect(card?.split('<tr>').length).toBe((item.events?.length ?? 0) + 2);
      for (const event of item.events ?? []) expect(card).toContain(event.reason ?? event.status);
    });
  });

  it('names who holds each blocked item', () => {
    const blocked = sectionOf(page, 'blocked');
    for (const item of itemsWith('blocked')) {
      expect(blocked).toContain(item.name);
      for (const holder of item.blockedBy ?? []) expect(blocked).toContain(holder.name);
    }
    expect(blocked).toContain('Delete edge-gateway first, or have a policy select it too');
    expect(blocked).toMatch(/It can go once pr-\d+-\w+ has gone/);
  });

  it('keeps the ledger of orphans: type, ids, stack, target and reason', () => {
    const ledger = sectionOf(page, 'orphans');
    for (const target of result.targets) {
      for (const item of target.items) {
        for (const orphan of item.orphans ?? []) {
          const row = ledger.split('<tr>').find((text) => text.includes(orphan.physicalId ?? ''));
          const all = [orphan.type, orphan.logicalId, orphan.reason, item.name, target.region];
          for (const text of all) expect(row).toContain(text);
        }
      }
    }
    expect(ledger.split('<tr>').length - 2).toBe(result.totals.orphaned);
  });

  it('says when it was made, where it was told', () => {
    const generatedAt = new Date('2026-03-15T01:02:03Z');
    expect(renderHtmlReport(result, { generatedAt, title: 'Last night' })).toMatch(
      /<h1>Last night<\/h1>[^]*Generated 2026-03-15 01:02:03 UTC\./,
    );
    expect(page).not.toContain('Generated');
  });
});

describe('an HTML report of an unusual run', () => {
  const bare: RunResult = { ...result, targets: [], policies: [], awsCalls: 0 };

  it('of one that was refused says why, and that nothing was touched', () => {
    const totals = { deleted: 0, skipped: 0, blocked: 0, failed: 0, orphaned: 0 };
    const reason = 'maxDeletes is 100 and the plan has 183';
    const html = renderHtmlReport({ ...bare, totals, status: 'refused', reason });
    expect(html).toContain(reason);
    expect(html).toContain('Refused');
    expect(html).toContain('No delete was started.');
    expect(html).toContain('Nothing was selected.');
  });

  it('whose times cannot be read is still made', () => {
    const html = renderHtmlReport({ ...result, startedAt: 'never', endedAt: '' });
    expect(html).toContain('<h1>Cleanup report</h1>');
  });

  it('has no unescaped word of a hostile name', () => {
    const html = renderHtmlReport(hostileRun(), { title: attack });
    expect(html).not.toContain('<img');
    expect(html).not.toContain('<script>window');
    expect(html.match(/<\/script/g)).toHaveLength(2);
    expect(html).not.toContain('<!--');
  });
});
