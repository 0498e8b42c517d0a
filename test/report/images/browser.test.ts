import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { LineStatus } from '../../../src/domain/images/result.js';
import { renderLineReport } from '../../../src/report/index.js';
import { openChromium, type TestBrowser } from '../browser/chromium.js';
import { bodyColour, pageWidth } from '../browser/measure.js';
import { openHtml, type ReportPage, type View } from '../browser/report-page.js';
import { attack } from '../hostile.js';
import { sampleImageId, sampleLine } from './sample.js';

let browser: TestBrowser;
let opened: ReportPage[] = [];

beforeAll(async () => {
  browser = await openChromium();
});
afterAll(() => browser?.close());
afterEach(async () => {
  const pages = opened;
  opened = [];
  for (const { trouble, close } of pages) {
    await close();
    expect(trouble).toEqual([]);
  }
});

async function open(status: LineStatus = sampleLine(), view?: View) {
  const report = await openHtml(browser.context, renderLineReport(status), view);
  opened.push(report);
  return report.page;
}

const hostile: LineStatus = {
  ...sampleLine(),
  line: attack,
  product: attack,
  trouble: attack,
  awaitingApproval: 3,
  cells: ['held', 'built', 'missing'].map((state) => ({
    os: `${state}${attack}`,
    arch: attack,
    evr: attack.repeat(3),
    state: state === 'held' ? 'held' : state === 'built' ? 'built' : 'missing',
    imageId: attack,
    reason: attack.repeat(5),
    link: `https://x.example/${attack}`,
  })),
};

describe('the report of a line in a browser', () => {
  it('runs nothing that a name holds', async () => {
    const page = await open(hostile);
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(await page.locator('img').count()).toBe(0);
  });

  it('gives the whole id of an image to one click', async () => {
    const page = await open();
    await page.getByText(sampleImageId(0, 2), { exact: true }).click();
    expect(await page.evaluate('getSelection().toString()')).toBe(sampleImageId(0, 2));
  });

  it('leads by keyboard from an image that is held to its reason', async () => {
    const page = await open();
    await page.locator('.matrix a.badge.failed').focus();
    await page.keyboard.press('Enter');
    const row = page.locator('tr:target');
    expect(await row.textContent()).toContain('the playbook stopped');
    const link = row.getByRole('link', { name: 'Open the log' });
    expect(await link.getAttribute('href')).toBe('https://console.example/builds/1c9?a=1&b=2');
  });

  it('is a table to a screen reader: versions and OSes are its headers', async () => {
    const page = await open();
    const table = page.getByRole('region', { name: 'Images by version and base OS' });
    expect(await table.getByRole('columnheader').allTextContents()).toEqual([
      'Version',
      'al2023',
      'el9',
      'ubuntu-22.04',
      'ubuntu-24.04',
    ]);
    expect(await table.getByRole('rowheader').count()).toBe(6);
  });

  it('keeps versions and OSes in sight while 200 versions on 8 bases are scrolled', async () => {
    const page = await open(sampleLine({ versions: 200, architectures: ['x86_64', 'aarch64'] }));
    const box = page.getByRole('region', { name: 'Images by version and base OS' });
    await page.evaluate("document.querySelector('#matrix .scroll').scrollTo(500, 3000)");
    const frame = (await box.boundingBox())!;
    const first = await box.locator('tbody tr').first().boundingBox();
    expect(first?.y).toBeLessThan(frame.y - 2_000);
    const head = await box.locator('thead th').nth(7).boundingBox();
    expect(head?.y).toBeCloseTo(frame.y, -1);
    const version = await box.locator('tbody th').nth(80).boundingBox();
    expect(version?.x).toBeCloseTo(frame.x, -1);
  });

  it.each([1280, 768, 375, 320])('%d px wide, does not scroll sideways', async (width) => {
    const big = sampleLine({ versions: 200, architectures: ['x86_64', 'aarch64'] });
    for (const status of [sampleLine(), big, hostile]) {
      const page = await open(status, { width, height: 800 });
      expect(await pageWidth(page)).toBeLessThanOrEqual(width);
    }
  });

  it('is light or dark as the system is, or as its reader chose', async () => {
    const light = await open(sampleLine(), { colorScheme: 'light' });
    const dark = await open(sampleLine(), { colorScheme: 'dark' });
    const lightGround = await bodyColour(light, 'backgroundColor');
    expect(await bodyColour(dark, 'backgroundColor')).not.toBe(lightGround);
    await dark.getByRole('button', { name: /^Theme/ }).click();
    expect(await bodyColour(dark, 'backgroundColor')).toBe(lightGround);
  });
});
