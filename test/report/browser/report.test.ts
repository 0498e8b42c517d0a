import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { targetName } from '../../../src/domain/target.js';
import { hostileRun } from '../hostile.js';
import { sampleRun } from '../sample.js';
import { openChromium, type TestBrowser } from './chromium.js';
import { barBoxes, bodyColour, drawnNodes, pageWidth, tellPrinting, unfoldAll } from './measure.js';
import { openReport, type ReportPage, type View } from './report-page.js';
import type { RunResult } from '../../../src/domain/cleanup/result.js';

const result = sampleRun();
const items = result.targets.flatMap((target) =>
  target.items.map((item) => ({ ...item, target: targetName(target) })),
);
const failed = items.filter((item) => item.outcome === 'failed');

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

async function open(run: RunResult = result, view?: View) {
  const report = await openReport(browser.context, run, view);
  opened.push(report);
  return report.page;
}

describe('the report in a browser', () => {
  it('opens without a network, without an error, and shows the totals', async () => {
    const page = await open();
    const shown = await page.locator('.tile-count').allTextContents();
    const { deleted, skipped, blocked, failed: failures, orphaned } = result.totals;
    expect(shown).toEqual(
      [deleted, skipped, blocked, failures, orphaned, result.awsCalls].map(String),
    );
  });

  it('runs nothing that a name holds, anywhere on the page', async () => {
    const page = await open(hostileRun());
    await unfoldAll(page);
    await page.locator('#item-rows .item-name').first().click();
    await page.locator('#details-body').getByText('hacked').first().waitFor();
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(await page.locator('img').count()).toBe(0);
  });

  it('has a bar for every delete, within the run', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Open all' }).click();
    const started = items.filter((item) => item.startedAt !== undefined);
    const bars = page.locator('.bar');
    expect(await bars.count()).toBe(started.length);
    const outside = (await barBoxes(page)).filter(({ bar, track }) => {
      // A bar of an instant is 3 px wide, so that it can be seen.
      const within = bar.left >= track.left - 0.5 && bar.right <= track.right + 3.5;
      return !within || bar.right - bar.left <= 0;
    });
    expect(outside).toEqual([]);
  });

  it('tells what a bar is, on hover and on focus', async () => {
    const page = await open();
    const bar = page.locator('.bar').first();
    const name = items[Number(await bar.getAttribute('data-item'))]!.name;
    const tooltip = page.locator('#tooltip');
    await bar.hover();
    await tooltip.filter({ visible: true, hasText: name }).waitFor();
    expect(await tooltip.textContent()).toMatch(/\d\d:\d\d:\d\d UTC, took \d+/);
    await page.mouse.move(0, 0);
    await expect.poll(() => tooltip.isVisible(), { timeout: 60_000 }).toBe(false);
    await bar.focus();
    await expect.poll(() => tooltip.isVisible(), { timeout: 60_000 }).toBe(true);
  });

  it('colours the nodes of each graph by their outcome, and says it too', async () => {
    const page = await open();
    await unfoldAll(page);
    const nodes = await drawnNodes(page);
    expect(nodes).toHaveLength(items.length);
    const colours = new Map<string, Set<string>>();
    for (const { item, label, colour } of nodes) {
      const { name, outcome } = items[item]!;
      expect(label).toBe(`${name}, ${outcome}`);
      colours.set(outcome, (colours.get(outcome) ?? new Set()).add(colour));
    }
    expect([...colours.values()].map((set) => set.size)).toEqual([1, 1, 1, 1]);
    expect(new Set([...colours.values()].flatMap((set) => [...set])).size).toBe(4);
  });

  it('zooms a graph, and fits it again', async () => {
    const page = await open();
    const graph = page.locator('.graph[open]').first();
    const width = async () => Number(await graph.locator('svg.deps').getAttribute('width'));
    const before = await width();
    await graph.getByRole('button', { name: 'Zoom in' }).click();
    expect(await width()).toBeCloseTo(before * 1.25, 0);
    await graph.getByRole('button', { name: 'Fit' }).click();
    expect(await width()).toBeLessThanOrEqual(1280);
  });
});

describe('the table of all resources', () => {
  const rows = (page: Page) => page.locator('#item-rows tr');

  it('filters by outcome, target, kind and policy', async () => {
    const page = await open();
    await page
      .locator('#filters')
      .getByRole('button', { name: /^Failed/ })
      .click();
    expect(await rows(page).count()).toBe(failed.length);
    await page.locator('#filter-target').selectOption({ label: failed[0]!.target });
    const there = failed.filter((item) => item.target === failed[0]!.target);
    expect(await page.locator('#item-rows .item-name').allTextContents()).toEqual(
      there.map((item) => item.name),
    );
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.locator('#filter-kind').selectOption('bucket');
    const buckets = items.filter((item) => item.kind === 'bucket');
    expect(await rows(page).count()).toBe(buckets.length);
    await page.locator('#filter-policy').selectOption({ label: 'delete-ephemeral-cfn-stacks' });
    expect(await page.locator('#found').textContent()).toContain('Nothing matches');
  });

  it('finds by words of the name, the id, the reason and the target', async () => {
    const page = await open();
    const { name, id, reason = '' } = failed[0]!;
    for (const text of [name, id, reason, `${name.toUpperCase()}  ${failed[0]!.target}`]) {
      await page.locator('#filter-text').fill(text);
      expect(await page.locator('#item-rows .item-name').allTextContents()).toContain(name);
      const count = items.filter((item) => item.name === name || item.reason === reason).length;
      expect(await rows(page).count()).toBeLessThanOrEqual(Math.max(1, count));
    }
  });

  it('sorts by a column, either way', async () => {
    const page = await open();
    const button = page.locator('[data-sort=start]');
    const times = () => page.locator('#item-rows td[data-label=Started]').allTextContents();
    await button.click();
    const first = await times();
    expect(first).toEqual([...first].sort());
    await button.click();
    const last = await times();
    expect(last).toEqual([...last].sort().reverse());
    expect(await page.locator('th[aria-sort]').getAttribute('aria-sort')).toBe('descending');
  });

  it('turns its pages', async () => {
    const page = await open();
    expect(await rows(page).count()).toBe(50);
    const pages = Math.ceil(items.length / 50);
    for (let turned = 1; turned < pages; turned++) await page.locator('#page-next').click();
    expect(await rows(page).count()).toBe(items.length - 50 * (pages - 1));
    expect(await page.locator('#page-next').isDisabled()).toBe(true);
  });

  it('is led to from a total and from a target', async () => {
    const page = await open();
    await page.locator('[data-total=skipped]').click();
    expect(await page.locator('#found').textContent()).toBe(
      `${result.totals.skipped} of ${items.length} resources`,
    );
    const [target] = result.targets;
    await page
      .locator('#targets')
      .getByRole('button', { name: targetName(target!) })
      .click();
    expect(await rows(page).count()).toBe(target!.items.length);
  });
});

describe('the details of an item', () => {
  it('open by keyboard from a node, lead to its neighbours, and close', async () => {
    const page = await open();
    const index = items.findIndex((item) => item.outcome === 'blocked' && item.dependents);
    const node = page.locator(`.node[data-item="${index}"]`);
    await unfoldAll(page);
    await node.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByRole('heading').textContent()).toBe(items[index]!.name);
    expect(await dialog.textContent()).toContain(items[index]!.reason);
    const firstId = items[index]!.dependents![0];
    const first = items.find((item) => item.id === firstId)!;
    await dialog.getByRole('button', { name: first.name }).click();
    expect(await dialog.getByRole('heading').textContent()).toBe(first.name);
    expect(await dialog.textContent()).toContain('Waited for this');
    await page.keyboard.press('Escape');
    expect(await dialog.isVisible()).toBe(false);
  });

  it('of a failure lead to its CloudFormation events', async () => {
    const page = await open();
    await page
      .locator('#filters')
      .getByRole('button', { name: /^Failed/ })
      .click();
    await page.locator('#item-rows .item-name').first().click();
    await page.getByRole('link', { name: 'Its CloudFormation events' }).click();
    const card = page.locator(new URL(page.url()).hash);
    await card.getByText('CloudFormation events').click();
    expect(await card.locator('tbody tr').count()).toBe(failed[0]!.events!.length);
  });
});

describe('the report on any screen', () => {
  it.each([1280, 768, 375, 320])('%d px wide, does not scroll sideways', async (width) => {
    for (const run of [result, hostileRun()]) {
      const page = await open(run, { width, height: 800 });
      await unfoldAll(page);
      expect(await pageWidth(page)).toBeLessThanOrEqual(width);
    }
  });

  it('is light or dark as the system is, or as its reader chose', async () => {
    const ground = (page: Page) => bodyColour(page, 'backgroundColor');
    const light = await open(result, { colorScheme: 'light' });
    const dark = await open(result, { colorScheme: 'dark' });
    const [lightGround, darkGround] = [await ground(light), await ground(dark)];
    expect(lightGround).not.toBe(darkGround);
    const button = dark.getByRole('button', { name: /^Theme/ });
    await button.click();
    expect(await button.textContent()).toBe('Theme: light');
    expect(await ground(dark)).toBe(lightGround);
    await dark.reload();
    expect(await ground(dark)).toBe(lightGround);
    await dark.getByRole('button', { name: /^Theme/ }).click();
    expect(await ground(dark)).toBe(darkGround);
    await dark.getByRole('button', { name: /^Theme/ }).click();
  });

  it('prints light, with the events of each failure and every row', async () => {
    const page = await open(result, { colorScheme: 'dark' });
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    await tellPrinting(page, 'beforeprint');
    expect(await bodyColour(page, 'color')).toBe('rgb(23, 27, 36)');
    expect(await page.locator('.events tbody').first().isVisible()).toBe(true);
    expect(await page.locator('#item-rows tr').count()).toBe(items.length);
    expect(await page.locator('nav').isVisible()).toBe(false);
    await tellPrinting(page, 'afterprint');
    expect(await page.locator('#item-rows tr').count()).toBe(50);
  });
});
