import { afterAll, beforeAll, expect, it } from 'vitest';
import { sampleRun } from '../sample.js';
import { openChromium, type TestBrowser } from './chromium.js';
import { openReport } from './report-page.js';

const seed = 11;
let browser: TestBrowser;

beforeAll(async () => {
  browser = await openChromium();
});
afterAll(() => browser?.close());

it(`a report of 20,000 items (seed ${seed}) shows, finds and unfolds each of them`, async () => {
  const run = sampleRun({ seed, accounts: 10, regions: 20, stacksPerTarget: 98 });
  const items = run.targets.flatMap((target) => target.items);
  expect(items.length).toBeGreaterThan(20_000);
  const { page, trouble, close } = await openReport(browser.context, run);
  expect(await page.locator('#item-rows tr').count()).toBe(50);

  const last = items.findLast((item) => item.outcome === 'failed')!;
  await page.locator('#filter-text').fill(last.id);
  expect(await page.locator('#item-rows .item-name').allTextContents()).toEqual([last.name]);

  // Its card is in the last of the chunks that wait to be shown.
  await page.locator('#item-rows .item-name').click();
  await page.getByRole('link', { name: 'Its CloudFormation events' }).click();
  await page.locator(`#failures article:has-text("${last.name}")`).last().waitFor();
  expect(await page.locator('#failures article').count()).toBe(run.totals.failed);

  // What is folded up costs nothing until it is opened.
  expect(await page.locator('.bar').count()).toBe(0);
  await page.locator('.lane > summary').last().click();
  const target = run.targets.findLast((each) => each.items.length > 0)!;
  const started = target.items.filter((item) => item.startedAt !== undefined);
  await expect.poll(() => page.locator('.bar').count(), { timeout: 60_000 }).toBe(started.length);
  await page.locator('.graph > summary').last().click();
  await expect
    .poll(() => page.locator('.node').count(), { timeout: 60_000 })
    .toBeGreaterThanOrEqual(target.items.length);
  expect(trouble).toEqual([]);
  await close();
});
