import { describe, expect, it } from 'vitest';
import type { LineStatus } from '../../../src/domain/images/result.js';
import { renderLineReport } from '../../../src/report/index.js';
import { attack } from '../hostile.js';
import { sampleLine } from './sample.js';

const status = sampleLine();
const page = renderLineReport(status);

/** The page's text from where a section begins to where it ends. */
function sectionOf(html: string, id: string): string {
  const from = html.indexOf(`<section id="${id}"`);
  return html.slice(from, html.indexOf('</section>', from));
}

function held(fields: Partial<LineStatus['cells'][number]>): LineStatus {
  const cell = { os: 'el9', arch: 'x86_64', evr: '1.0-1', state: 'held' } as const;
  return { ...status, cells: [{ ...cell, ...fields }] };
}

describe('the report of a line', () => {
  it('is the same for the same status', () => {
    expect(renderLineReport(status)).toBe(page);
    expect(page).not.toContain('Generated');
    const made = renderLineReport(status, { generatedAt: new Date('2026-03-15T00:00:00Z') });
    expect(made).toContain('Generated 2026-03-15 00:00:00 UTC.');
  });

  it('loads nothing, and lets only its own script run', () => {
    expect(page).not.toMatch(/<(script|img|iframe|object|embed|source)[^>]*\ssrc=/i);
    expect(page).not.toMatch(/<link(?![^>]*href="data:)/i);
    expect(page).not.toMatch(/@import|@font-face|url\((?!#)/i);
    const policy = /Content-Security-Policy" content="([^"]+)"/.exec(page)?.[1] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/script-src 'sha256-[\w+/]+=*';/);
  });

  it('counts the states', () => {
    const counts = [...page.matchAll(/data-total="(\w+)".*?tile-count">([\d,]+)</g)].map(
      ([, name, count]) => [name, count],
    );
    expect(counts).toEqual([
      ['deleted', '16'],
      ['building', '2'],
      ['blocked', '5'],
      ['failed', '1'],
    ]);
    expect(page).toContain('16 of 24 images built, 2 building, 5 missing, 1 held.');
  });

  it('has a row for each version, newest first, and each image under its OS', () => {
    const rows = sectionOf(page, 'matrix').split('<tr>').slice(2);
    const versions = rows.map((row) => /scope="row"[^>]*>([^<]+)</.exec(row)?.[1]);
    expect(versions).toEqual([5, 4, 3, 2, 1, 0].map((minor) => `16.${minor}.0-1`));
    for (const { evr, os, imageId } of status.cells) {
      if (imageId === undefined) continue;
      const row = rows[versions.indexOf(evr)] ?? '';
      expect(row).toMatch(new RegExp(`data-label="${os}"[^§]{0,160}>${imageId}<`));
    }
  });

  it('leads from an image that is held to why, what is next, and its log', () => {
    const [, id = ''] =
      /class="badge failed" href="#([^"]+)"/.exec(sectionOf(page, 'matrix')) ?? [];
    const section = sectionOf(page, 'held');
    expect(section).toContain(`<tr id="${id}">`);
    expect(section).toContain('the playbook stopped at &quot;install gitlab-runner&quot;');
    expect(section).toContain('href="https://console.example/builds/1c9?a=1&amp;b=2"');
    expect(section).toContain('--version 16.4.0-1 --os el9 --arch x86_64');
    expect(sectionOf(page, 'failing')).toContain('Next try at 2026-03-14 23:40:00 UTC');
  });

  it('says so where nothing is held, or there is no image yet', () => {
    const empty = renderLineReport({ ...status, cells: [], product: '' });
    expect(sectionOf(empty, 'matrix')).toContain('There are no images yet.');
    expect(sectionOf(empty, 'held')).toContain('Nothing has been given up.');
    expect(empty).toContain('No images yet');
  });

  it('shows what is wrong with the check and the tracker, and what waits for approval', () => {
    const html = renderLineReport({ ...status, trouble: 'mirror gone', trackerTrouble: 'denied' });
    expect(html).toContain('<b>The last check came to nothing:</b> mirror gone');
    expect(html).toContain('<b>The tracker could not be written:</b> denied');
    expect(html).toContain('nightshift images check gitlab-runner --channel release --approve');
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'not a link'])(
    'makes no link of %s',
    (link) => {
      const section = sectionOf(renderLineReport(held({ link })), 'held');
      expect(section).toContain(link);
      expect(section).not.toContain('<a ');
    },
  );

  it('escapes whatever a mirror or a builder may call things', () => {
    const html = renderLineReport({
      ...held({ os: attack, arch: attack, evr: `${attack}\ud800`, reason: attack, link: attack }),
      line: attack,
      channel: attack,
      product: attack,
      trouble: attack,
      trackerTrouble: attack,
      awaitingApproval: 1,
    });
    expect(html).not.toContain('<script>window');
    expect(html).not.toContain('<img');
    expect(html.match(/<script/g)).toHaveLength(1);
  });

  it('of 200 versions on 8 bases holds every image, in less than 1 MB', () => {
    const big = sampleLine({ versions: 200, architectures: ['x86_64', 'aarch64'] });
    const html = renderLineReport(big);
    expect(html.match(/<code class="image-id">ami-/g)).toHaveLength(
      big.cells.filter(({ imageId }) => imageId !== undefined).length,
    );
    expect(html.match(/<th scope="row" class="mono">/g)).toHaveLength(200);
    expect(html.length).toBeLessThan(1_000_000);
  });
});
